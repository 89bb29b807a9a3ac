import { type PolicyContent, TERM_UNIT_LABELS, whenText } from '@backcheck/contract';
import { TERM_UNITS, type Term, type TermUnit } from '@backcheck/core';
import { InputNumber, Select } from 'antd';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { changedTerm, termOfRule } from './policy-draft.ts';

interface TermFieldsProps {
  readonly content: PolicyContent;
  readonly onChange: (content: PolicyContent) => void;
}

/** One line for each rule: how long it gives. */
export function TermFields({ content, onChange }: TermFieldsProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const units = TERM_UNITS.filter((unit) => unit !== 'working-days' || content.calendar !== null);
  return (
    <fieldset>
      <legend>{t('deadlines.draft.terms')}</legend>
      <div className="term-grid">
        {content.rules.map((rule) => {
          const term = termOfRule(rule);
          const change = (part: Partial<Term>) =>
            onChange(changedTerm(content, rule.id, { ...term, ...part }));
          return (
            <Fragment key={rule.id}>
              <div className="term-name">
                <code>{rule.id}</code>
                <p className="hint">{whenText(rule)?.[language] ?? t('deadlines.policy.always')}</p>
              </div>
              <InputNumber<number>
                aria-label={t('deadlines.draft.termOf', { rule: rule.id })}
                min={1}
                max={10_000}
                precision={0}
                value={term.amount}
                onChange={(amount) => change({ amount: amount ?? 1 })}
              />
              <Select<TermUnit>
                aria-label={t('deadlines.draft.unitOf', { rule: rule.id })}
                value={term.unit}
                options={units.map((value) => ({ value, label: TERM_UNIT_LABELS[value][language] }))}
                onChange={(unit) => change({ unit })}
              />
            </Fragment>
          );
        })}
      </div>
    </fieldset>
  );
}
