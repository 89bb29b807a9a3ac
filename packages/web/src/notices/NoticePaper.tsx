import { type NoticeDetail, PAPER_LANGUAGE_LABELS } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { languagesOf } from './notice-draft.ts';

const FORMATS = ['pdf', 'docx'] as const;

/** The words of the paper, and the paper itself to print. */
export function NoticePaper({ notice }: { readonly notice: NoticeDetail }) {
  const { t } = useTranslation();
  const { content } = notice;
  return (
    <section className="panel notice-paper" aria-labelledby="paper-title">
      <h2 id="paper-title">{t('notices.paper')}</h2>
      {languagesOf(content).map((language) => (
        <article key={language} lang={language}>
          <h3>{content.title[language]}</h3>
          {content.body[language].map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </article>
      ))}
      {content.legalBasis === '' ? null : (
        <p className="hint">
          {t('notices.legalBasis')}: {content.legalBasis}
        </p>
      )}
      {content.decision === null ? null : <Decision decision={content.decision} />}
      {content.consequences === undefined ? null : (
        <p className="hint">
          {t('notices.consequences')}: {content.consequences}
        </p>
      )}
      {content.contact === '' ? null : (
        <p className="hint">
          {t('notices.contact')}: {content.contact}
        </p>
      )}
      <Downloads notice={notice} />
    </section>
  );
}

function Decision({ decision }: { readonly decision: NonNullable<NoticeDetail['content']['decision']> }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <p>
      <strong>{t(decision.granted ? 'notices.granted' : 'notices.refused')}</strong>{' '}
      {decision.asked[language]}
      <br />
      {decision.reason}
    </p>
  );
}

function Downloads({ notice: { id, issuedAt, language: paper } }: { readonly notice: NoticeDetail }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <div className="actions">
      {FORMATS.map((format) => (
        <a
          key={format}
          className="button-link"
          href={`/api/v1/notices/${id}/paper?format=${format}&language=${paper}`}
          download
        >
          {t(issuedAt === null ? 'notices.previewAs' : 'notices.downloadAs', {
            format: format.toUpperCase(),
            language: PAPER_LANGUAGE_LABELS[paper][language],
          })}
        </a>
      ))}
    </div>
  );
}
