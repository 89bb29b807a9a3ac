import { expect, test } from 'vitest';
import { changedSearch } from './changed-search.ts';

interface Search {
  readonly kind?: string;
  readonly organizationId?: string;
}

test('a filter that was taken away is not in the address, and the others stay', () => {
  const search: Search = { kind: 'plan', organizationId: '7' };
  expect(changedSearch(search, { kind: undefined })).toEqual({ organizationId: '7' });
  expect(changedSearch(search, { organizationId: '' })).toEqual({ kind: 'plan' });
  expect(changedSearch(search, { kind: 'interim' })).toEqual({ kind: 'interim', organizationId: '7' });
});
