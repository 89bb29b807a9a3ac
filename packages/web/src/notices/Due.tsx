import { Moment } from '../ui/Moment.tsx';
import { useDaysLeft } from './use-days-left.ts';

const MARKS = { late: 'ended', soon: 'ends-soon' } as const;

/**
 * The last day that is in time: a date is kept as the first moment that is too late, which is the midnight after it.
 * Marked when it is past or near.
 */
export function Due({ at }: { readonly at: string }) {
  const { text, standing } = useDaysLeft(at);
  return (
    <span className="due">
      <Moment at={new Date(Date.parse(at) - 1).toISOString()} to="day" />{' '}
      {standing === 'far' ? null : <span className={`tag ${MARKS[standing]}`}>{text}</span>}
    </span>
  );
}
