import type { ReplyDetail } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { Moment } from '../ui/Moment.tsx';

interface Event {
  readonly what: string;
  readonly at: string;
  readonly words: string | null;
}

/** Who did what with it, when, and why. */
export function ReplyHistory({ reply }: { readonly reply: ReplyDetail }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="reply-history-title">
      <h2 id="reply-history-title">{t('replies.history')}</h2>
      <ol className="rows">
        {useEvents(reply).map(({ what, at, words }) => (
          <li key={`${what} ${at}`}>
            {what} <Moment at={at} />
            {words === null ? null : <p className="reply-words">{words}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function useEvents(reply: ReplyDetail): Event[] {
  const { t } = useTranslation();
  const { madeBy, madeAt, signed, opinion, decision, reviews, ended, kind, state } = reply;
  const events: Event[] = [{ what: t('replies.did.made', { name: madeBy.name }), at: madeAt, words: null }];
  if (signed !== null)
    events.push({ what: t('replies.did.signed', { name: signed.by.name }), at: signed.at, words: null });
  if (opinion !== null) {
    const side = opinion.inFavour ? 'inFavour' : 'against';
    events.push({
      what: t(`replies.did.${side}`, { name: opinion.by.name }),
      at: opinion.at,
      words: opinion.text,
    });
  }
  if (decision !== null) {
    // What was granted and ended since was granted all the same.
    const filed = kind === 'plan' || kind === 'interim';
    const how = state === 'refused' ? 'refused' : filed ? 'verified' : 'granted';
    events.push({
      what: t(`replies.did.${how}`, { name: decision.by.name }),
      at: decision.at,
      words: decision.text,
    });
  }
  for (const { by, at, text } of reviews)
    events.push({ what: t('replies.did.reviewed', { name: by.name }), at, words: text });
  if (ended !== null) {
    const how = state === 'withdrawn' || state === 'revoked' ? state : 'expired';
    const name = ended.by?.name ?? '';
    events.push({ what: t(`replies.did.${how}`, { name }), at: ended.at, words: ended.because });
  }
  return events;
}
