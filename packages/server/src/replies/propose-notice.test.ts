import type { ReplyRow } from '@backcheck/db';
import { expect, test } from 'vitest';
import { askedOf } from './propose-notice.ts';

const wish = {
  kind: 'extension',
  terms: { reason: 'no-patch-yet' },
  dueBefore: new Date('2026-11-25T16:00:00.000Z'),
  until: new Date('2026-12-04T16:00:00.000Z'),
} as unknown as ReplyRow;

test('the paper of an extension names the old date, the new one, and how often it was extended before', () => {
  const { zh, en } = askedOf(wish, { timeZone: 'Asia/Shanghai', extended: 1 });
  expect(zh).toContain('整改期限由2026年11月25日延长至2026年12月4日');
  expect(zh).toContain('此前已延期1次');
  expect(en).toContain('from 25 November 2026 to 4 December 2026');
  expect(en).toContain('extended once before');
});

test('of the first extension it says that none was granted before', () => {
  const { zh, en } = askedOf(wish, { timeZone: 'Asia/Shanghai', extended: 0 });
  expect(zh).toContain('此前未延期');
  expect(en).toContain('not extended before');
});
