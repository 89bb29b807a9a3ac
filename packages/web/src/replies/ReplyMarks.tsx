import {
  DELAY_REASON_LABELS,
  FALSE_POSITIVE_REASON_LABELS,
  type Language,
  REPLY_STATE_LABELS,
  type Reply,
} from '@backcheck/contract';
import { DELAY_REASONS, FALSE_POSITIVE_REASONS, reviewStanding } from '@backcheck/core';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Moment } from '../ui/Moment.tsx';
import './replies.css';

export function ReplyStateMark({ state }: Pick<Reply, 'state'>) {
  const language = useLanguage();
  return <span className={`reply-state ${state}`}>{REPLY_STATE_LABELS[state][language]}</span>;
}

/** The last day on which it holds: instants are the first moment after it. */
export function LastDay({ until }: { readonly until: string }) {
  return <Moment at={new Date(Date.parse(until) - 1).toISOString()} to="day" />;
}

/** A moment of the day on which a borne risk is looked at again: one that ends it belongs to its last day. */
export const reviewDay = (at: string, until: string): string =>
  at < until ? at : new Date(Date.parse(until) - 1).toISOString();

/** When a risk that is still borne is looked at again, and that the day has come or has passed. */
export function NextReview({ reply }: { readonly reply: Pick<Reply, 'state' | 'reviewAt' | 'decision'> }) {
  const { t } = useTranslation();
  const { state, reviewAt } = reply;
  const until = reply.decision?.until ?? null;
  if (state !== 'granted' || reviewAt === null || until === null) return null;
  const standing = reviewStanding(reviewAt, new Date().toISOString());
  return (
    <>
      <Moment at={reviewDay(reviewAt, until)} to="day" />
      {standing === 'ahead' ? null : (
        <span className={`tag ${standing === 'overdue' ? 'ended' : 'ends-soon'}`}>
          {t(`replies.review.${standing}`)}
        </span>
      )}
    </>
  );
}

export function reasonText(reason: NonNullable<Reply['reason']>, language: Language): string {
  const delay = DELAY_REASONS.find((one) => one === reason);
  if (delay !== undefined) return DELAY_REASON_LABELS[delay][language];
  const wrong = FALSE_POSITIVE_REASONS.find((one) => one === reason);
  return wrong === undefined ? '' : FALSE_POSITIVE_REASON_LABELS[wrong][language];
}
