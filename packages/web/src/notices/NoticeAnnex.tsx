import type { NoticeDetail } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { ToolWords } from '../findings/ToolWords.tsx';
import { useLanguage } from '../i18n/use-language.ts';

/** What stands in the annex of the paper: what tools say of the checks of its findings. */
export function NoticeAnnex({ content: { annex, findings } }: { readonly content: NoticeDetail['content'] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (annex === undefined || annex.explanations.length === 0) return null;
  return (
    <section className="panel notice-annex" aria-labelledby="notice-annex">
      <h2 id="notice-annex">{t('notices.annexOf', { count: annex.explanations.length })}</h2>
      {annex.explanations.map(({ check, ...words }) => {
        const first = findings.find((finding) => finding.check === check);
        return (
          <details key={check}>
            <summary>
              {first?.name?.[language] ?? first?.title} <small>{check}</small>
            </summary>
            <ToolWords of={words} />
          </details>
        );
      })}
      {annex.more === 0 ? null : <p className="hint">{t('notices.annexMore', { count: annex.more })}</p>}
    </section>
  );
}
