import { expect, test } from 'vitest';
import { isReplyOpen, replyAfter } from './states.ts';
import { REPLY_KINDS, REPLY_STATES, REPLY_STEPS } from './vocabulary.ts';

/** Every state that a step leads from, by kind: the whole grid, so that no way is opened unseen. */
const grid = (kind: (typeof REPLY_KINDS)[number]): string[] =>
  REPLY_STATES.flatMap((state) => {
    const ways = REPLY_STEPS.flatMap((step) => {
      const next = replyAfter(kind, state, step);
      return next === null ? [] : [`${step}>${next}`];
    });
    return ways.length === 0 ? [] : [`${state}: ${ways.join(' ')}`];
  });

test.each([
  [
    'objection',
    [
      'made: opine>opinion grant>granted refuse>refused withdraw>withdrawn',
      'opinion: grant>granted refuse>refused withdraw>withdrawn',
      'granted: revoke>revoked expire>expired',
    ],
  ],
  ['plan', ['made: refuse>refused verify>verified withdraw>withdrawn']],
  [
    'interim',
    [
      'made: refuse>refused verify>verified withdraw>withdrawn',
      'verified: withdraw>withdrawn revoke>revoked',
    ],
  ],
  ['extension', ['made: grant>granted refuse>refused withdraw>withdrawn']],
  [
    'acceptance',
    [
      'drafted: sign>made withdraw>withdrawn',
      'made: grant>granted refuse>refused withdraw>withdrawn',
      'granted: review>granted withdraw>withdrawn revoke>revoked expire>expired',
    ],
  ],
  [
    'false-positive',
    [
      'made: opine>opinion grant>granted refuse>refused withdraw>withdrawn',
      'opinion: grant>granted refuse>refused withdraw>withdrawn',
      'granted: withdraw>withdrawn revoke>revoked expire>expired',
    ],
  ],
] as const)('%s goes these ways and no others', (kind, ways) => {
  expect(grid(kind)).toEqual(ways);
});

test('what is refused, withdrawn, revoked or expired stays so', () => {
  for (const kind of REPLY_KINDS)
    for (const state of ['refused', 'withdrawn', 'revoked', 'expired'] as const)
      for (const step of REPLY_STEPS) expect(replyAfter(kind, state, step)).toBeNull();
});

test('a decision is possible only while a reply is open', () => {
  for (const kind of REPLY_KINDS)
    for (const state of REPLY_STATES)
      if (replyAfter(kind, state, 'grant') !== null) expect(isReplyOpen(state)).toBe(true);
});
