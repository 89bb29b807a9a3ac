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

test('the standard order and grouping are not written into the address and do not count as filters', () => {
  expect(readFilters({ sort: '-severity', groupBy: 'problem' })).toEqual({});
  expect(isFiltered(readFilters({ sort: 'age', groupBy: 'check' }))).toBe(false);
  expect(isFiltered(readFilters({ q: 'tls' }))).toBe(true);
});

test('what is due, how pressing it is and whose turn are filters that travel in the address', () => {
  const filters = { due: '7d', priority: 'immediate,scheduled', turn: 'us', sort: 'due' };
  expect(readFilters(filters)).toEqual(filters);
  expect(readFilters({ due: 'someday', priority: 'soon', turn: 'nobody' })).toEqual({});
  expect(isFiltered(readFilters({ due: 'overdue' }))).toBe(true);
});
