import type { ReplyPreview } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { MOST } from './use-reach.ts';

/** How many findings it is about, and each that cannot take part with its reason. */
export function Reach({ of: { findingIds, leftOut } }: { readonly of: ReplyPreview }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <section className="reply-reach" aria-live="polite">
      {findingIds.length === 0 ? null : <p>{t('replies.several.about', { count: findingIds.length })}</p>}
      {findingIds.length > MOST ? <p role="alert">{t('replies.several.tooMany', { most: MOST })}</p> : null}
      {leftOut.length === 0 ? null : (
        <details open>
          <summary>{t('replies.several.leftOut', { count: leftOut.length })}</summary>
          <ul>
            {leftOut.map(({ id, title, asset, port, because }) => (
              <li key={id}>
                <strong>{title}</strong> {asset}
                {port === 0 ? '' : `:${port}`}
                <small>{because[language]}</small>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
