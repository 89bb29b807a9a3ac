import { fixText, type PolicyRule, ruleName, termText, whenText } from '@backcheck/contract';
import type { Term } from '@backcheck/core';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';

const EXTRAS = ['acknowledge', 'interim', 'retest'] as const;

/** The rules as people read them: which findings, and how long. */
export function RuleTable({ rules }: { readonly rules: readonly PolicyRule[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const extras = EXTRAS.filter((extra) => rules.some((rule) => rule[extra] !== undefined));
  return (
    <section className="block" aria-labelledby="rules-title">
      <h2 id="rules-title">{t('deadlines.policy.rules')}</h2>
      <p className="hint">{t('deadlines.policy.rulesHint')}</p>
      <div className="wide-table">
        <table className="quiet stacked rule-table" aria-labelledby="rules-title">
          <thead>
            <tr>
              <th scope="col">{t('deadlines.policy.row')}</th>
              <th scope="col">{t('deadlines.policy.when')}</th>
              <th scope="col">{t('deadlines.policy.fix')}</th>
              {extras.map((extra) => (
                <th key={extra} scope="col">
                  {t(`deadlines.policy.${extra}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <tr key={rule.id}>
                <th scope="row">
                  {ruleName(rule.id)[language]}
                  {ruleName(rule.id).en === rule.id ? null : <code className="rule-id">{rule.id}</code>}
                </th>
                <td className="when-cell" data-label={t('deadlines.policy.when')}>
                  {whenText(rule)?.[language] ?? t('deadlines.policy.always')}
                </td>
                <td data-label={t('deadlines.policy.fix')}>
                  <strong>{fixText(rule.fix)[language]}</strong>
                </td>
                {extras.map((extra) => (
                  <td key={extra} data-label={t(`deadlines.policy.${extra}`)}>
                    <TermCell term={rule[extra]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function TermCell({ term }: { readonly term: Term | undefined }) {
  const language = useLanguage();
  return term === undefined ? '—' : termText(term)[language];
}
