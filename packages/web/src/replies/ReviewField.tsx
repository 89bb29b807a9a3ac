import { latestReview, usualReview } from '@backcheck/core';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { reviewDay } from './ReplyMarks.tsx';
import { UntilField } from './UntilField.tsx';

interface ReviewFieldProps {
  /** The first moment of the chosen day, UTC; null: the usual day. */
  readonly value: string | null;
  /** Until when the risk is borne. */
  readonly until: string;
  readonly onChange: (value: string | null) => void;
}

/** The day on which a borne risk is looked at again. What is chosen begins it, where `UntilField` speaks of its end. */
export function ReviewField({ value, until, onChange }: ReviewFieldProps) {
  const { t } = useTranslation();
  const now = new Date().toISOString();
  const endOfDay = (at: string): string =>
    dayjs(reviewDay(at, until)).startOf('day').add(1, 'day').toISOString();
  return (
    <UntilField
      id="review-at"
      label={t('replies.review.next')}
      value={endOfDay(value ?? usualReview(until, now))}
      after={dayjs().add(1, 'day').toISOString()}
      latest={endOfDay(latestReview(until, now))}
      onChange={(end) => onChange(end === null ? null : dayjs(end).subtract(1, 'day').toISOString())}
    />
  );
}
