import { expect, test } from 'vitest';
import { chosenStates, isFiltered, readFilters } from './filters.ts';

test('an address with filters opens the list with these filters', () => {
  const filters = readFilters({
    state: 'open,regressed',
    severity: 'high',
    organizationId: '7',
    q: ' BEAST ',
    sort: 'age',
  });
  expect(filters).toEqual({
    state: 'open,regressed',
    severity: 'high',
    organizationId: '7',
    q: 'BEAST',
    sort: 'age',
  });
  expect(chosenStates(filters)).toEqual(['open', 'regressed']);
});

test('an address that someone mistyped still opens the list, without what is not understood', () => {
  expect(
    readFilters({ state: 'open,closed', severity: 'terrible', organizationId: 'x', q: 5, sort: 'random' }),
  ).toEqual({
    state: 'open',
  });
});

test('the standard order is not written into the address and does not count as a filter', () => {
  expect(readFilters({ sort: '-severity' })).toEqual({});
  expect(isFiltered(readFilters({ sort: 'age' }))).toBe(false);
  expect(isFiltered(readFilters({ q: 'tls' }))).toBe(true);
});
