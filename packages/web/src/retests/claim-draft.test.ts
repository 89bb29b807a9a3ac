import { expect, test } from 'vitest';
import { CAUSE, claimOf, EMPTY_CLAIM, MEASURE, missingOf } from './claim-draft.ts';

test('a claim of a fix asks for cause and measure and sends only what was written', () => {
  expect(missingOf(EMPTY_CLAIM)).toEqual([CAUSE, MEASURE]);
  const draft = {
    ...EMPTY_CLAIM,
    cause: 'missing-patch',
    measure: 'Patched',
    fixedOn: '2026-11-20',
    fixedBy: ' ',
  } as const;
  expect(claimOf(draft, ['7'], [])).toEqual({
    findingIds: ['7'],
    uploadIds: [],
    cause: 'missing-patch',
    measure: 'Patched',
    similar: null,
    fixedOn: '2026-11-20',
  });
});
