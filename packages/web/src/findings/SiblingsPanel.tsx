import type { Finding } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { useSiblings } from './use-findings.ts';

/** What else reports the same weakness at the same place; nothing where this finding is alone. */
export function SiblingsPanel({ finding: { id, problem } }: { readonly finding: Finding }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data, error } = useSiblings(id);
  const items = data?.items ?? [];
  if (error === null && items.length === 0) return null;
  return (
    <section aria-labelledby="siblings-title" className="panel">
      <h2 id="siblings-title">{t('siblings.title')}</h2>
      {error === null ? null : <Failure error={error} />}
      {problem.title === null ? null : <p>{problem.title[language]}</p>}
      <ul className="siblings">
        {items.map(({ id: other, check, locus, state }) => (
          <li key={other}>
            <StateMark state={state} />
            <Link to="/findings/$findingId" params={{ findingId: other }}>
              <code>{locus === '' ? check : `${check} ${locus}`}</code>
            </Link>
          </li>
        ))}
      </ul>
      <p className="hint">{t('siblings.hint')}</p>
    </section>
  );
}
