import { fc, test as law } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { mayJudgeReply, type ReplyMatter } from './decide.ts';
import { latestReview, reviewFlaw, reviewStanding, usualReview } from './review.ts';

const NOW = '2026-11-21T00:00:00.000Z';
const DAY = 86_400_000;
const inDays = (days: number): string => new Date(Date.parse(NOW) + days * DAY).toISOString();

test.each([
  // half of the time that is left
  [180, 90],
  [100, 50],
  [20, 10],
  // within two weeks of the end it is judged anew as a whole
  [14, 14],
  [1, 1],
  // older grants than any that can be made now
  [400, 90],
])('a risk that is borne for %i more days is looked at again after %i', (left, after) => {
  expect(usualReview(inDays(left), NOW)).toBe(inDays(after));
});

test.each([
  [100, 0, { code: 'DATE_PAST' }],
  [100, -1, { code: 'DATE_PAST' }],
  [100, 1, null],
  [100, 90, null],
  [100, 91, { code: 'TOO_LONG', latest: inDays(90) }],
  [30, 30, null],
  [30, 31, { code: 'TOO_LONG', latest: inDays(30) }],
] as const)('of a risk borne for %i days, a review after %i days: %o', (left, after, flaw) => {
  expect(reviewFlaw(inDays(after), inDays(left), NOW)).toEqual(flaw);
});

law.prop([fc.double({ min: 1e-6, max: 400, noNaN: true })])(
  'the usual review is one that can be set, and so is the latest',
  (left) => {
    const until = new Date(Math.ceil(Date.parse(NOW) + left * DAY)).toISOString();
    expect(reviewFlaw(usualReview(until, NOW), until, NOW)).toBeNull();
    expect(reviewFlaw(latestReview(until, NOW), until, NOW)).toBeNull();
  },
);

test.each([
  [0.001, 'ahead'],
  [0, 'due'],
  [-0.999, 'due'],
  [-1, 'overdue'],
  [-30, 'overdue'],
] as const)('%d days from now a review is %s', (days, standing) => {
  expect(reviewStanding(inDays(days), NOW)).toBe(standing);
});

test.each([
  [{ account: 9, roles: ['coordinator-lead'] }, null],
  [{ account: 9, roles: ['finding-analyst'] }, 'LEAD'],
  [{ account: 9, roles: ['campaign-manager'] }, 'LEAD'],
  [{ account: 9, roles: ['security-lead'] }, 'INSPECTED'],
  [{ account: 9, roles: ['coordinator-lead', 'liaison'] }, 'INSPECTED'],
  // whoever made or signed it
  [{ account: 1, roles: ['coordinator-lead'] }, 'OWN'],
  [{ account: 2, roles: ['coordinator-lead'] }, 'OWN'],
] as const)('that a risk may go on being borne is the lead’s word: %o %s', (judge, flaw) => {
  const people = { madeBy: 1, signedBy: 2, finders: [9], opinionBy: null };
  const matter: ReplyMatter = { kind: 'acceptance', ground: null, severity: 'low', people };
  expect(mayJudgeReply('review', matter, judge)).toBe(flaw);
});
