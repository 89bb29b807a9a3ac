import { expect, test } from 'vitest';
import { intervalOf, readAuditFilters } from './filters.ts';

test('an address that somebody typed opens the log with what is understood of it', () => {
  const typed = {
    account: '3',
    organizationId: "7'--",
    object: 'finding',
    action: 'eat',
    from: '2026-13-40',
    to: '2026-11-21',
  };
  expect(readAuditFilters(typed)).toEqual({ account: '3', object: 'finding', to: '2026-11-21' });
});

test('the last day that was asked for is shown to its end', () => {
  const { from = '', to = '' } = intervalOf({ from: '2026-11-21', to: '2026-11-21' });
  expect(Date.parse(to) - Date.parse(from)).toBe(24 * 3_600_000);
  expect(new Date(from).getHours()).toBe(0);
  expect(intervalOf({})).toEqual({});
});
