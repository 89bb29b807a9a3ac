import type { QueueItem } from '@backcheck/contract';
import { expect, test } from 'vitest';
import { suggestedGifts } from './suggested-gifts.ts';

const waits = (id: string, guess: string | null): QueueItem => ({
  asset: { id, identity: `ip:192.0.2.${id}` },
  organization: { id: '1', name: 'City', nameZh: null },
  reason: 'unclaimed',
  since: '2026-11-01T00:00:00.000Z',
  guess: guess === null ? null : { id: guess, name: `organization ${guess}`, nameZh: null },
  guessHidden: false,
  dispute: null,
  openFindings: 0,
  worst: null,
});

test('each receiver gets its own in one go, and what nobody is suggested for stays', () => {
  expect(suggestedGifts([waits('1', '7'), waits('2', '8'), waits('3', null), waits('4', '7')])).toEqual([
    { organizationId: '7', assetIds: ['1', '4'] },
    { organizationId: '8', assetIds: ['2'] },
  ]);
});
