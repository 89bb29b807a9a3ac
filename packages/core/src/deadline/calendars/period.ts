import type { Text } from '../../observe/text.ts';
import type { NamedDay } from '../calendar.ts';
import { type Day, dayNumber, dayOf } from '../day.ts';

/** Every day from the first to the last, both included. */
export function period(name: Text, first: Day, last: Day = first): NamedDay[] {
  const [from, until] = [dayNumber(first), dayNumber(last)];
  if (from === null || until === null) throw new Error(`no such days: ${first} to ${last}`);
  return Array.from({ length: until - from + 1 }, (_, index) => ({ day: dayOf(from + index), name }));
}
