import { FIX_ADVICE, type Finding } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { fixName } from '../fixes/fix-name.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { useSiblings } from './use-findings.ts';

/** What to do about it, and how much else the same measure mends; nothing once it is proven gone. */
export function FixPanel({ finding: { id, state } }: { readonly finding: Finding }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const fix = useSiblings(id).data?.fix ?? null;
  if (fix === null || state === 'verified-fixed') return null;
  const others = fix.open - 1;
  return (
    <section aria-labelledby="fix-title" className="panel">
      <h2 id="fix-title">{t('fix.title')}</h2>
      <p>
        <Link
          to="/fixes/$fixId"
          params={{ fixId: fix.id }}
          search={fix.organizationId === null ? {} : { organizationId: fix.organizationId }}
        >
          <strong>{fixName(fix, language)}</strong>
        </Link>
        {others > 0 ? <span className="hint"> {t('fix.others', { count: others })}</span> : null}
      </p>
      <p>{FIX_ADVICE[fix.kind][language]}</p>
    </section>
  );
}
