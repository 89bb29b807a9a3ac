import { expect, test } from 'vitest';
import { readAssetSearch } from './search.ts';

test('an address that someone mistyped still opens the screen, without what is not understood', () => {
  expect(readAssetSearch({ organizationId: '7', q: ' 192.0.2. ', state: 'resolved' })).toEqual({
    organizationId: '7',
    q: '192.0.2.',
    state: 'resolved',
  });
  expect(readAssetSearch({ organizationId: '7; drop', q: 5, state: 'closed' })).toEqual({});
});
