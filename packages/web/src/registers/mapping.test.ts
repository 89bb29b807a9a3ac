import type { RegisterSheet } from '@backcheck/contract';
import { expect, test } from 'vitest';
import { carriedOver, mappingOf, putField, putKind, unfedFields } from './mapping.ts';

const sheet = (name: string, kind: RegisterSheet['kind'], ...columns: [string, string | null][]) => ({
  name,
  rows: 1,
  kind,
  remembered: false,
  columns: columns.map(([header, field], at) => ({ letter: 'ABC'.charAt(at), header, samples: [], field })),
});

const CONTACTS = sheet('联络人', 'contact', ['姓名', 'name'], ['角色', 'role'], ['手机', 'mobile']);

test('a field that another column had moves, and that column is left out', () => {
  expect(putField(mappingOf(CONTACTS), 2, 'name').columns).toEqual([null, 'role', 'name']);
  expect(putField(mappingOf(CONTACTS), 1, null).columns).toEqual(['name', null, 'mobile']);
  const left = putField(mappingOf(CONTACTS), 0, null);
  expect(putField(left, 1, null).columns).toEqual([null, null, 'mobile']);
});

test('a sheet that is said to be another register gets its columns by their headers', () => {
  expect(putKind(CONTACTS, 'system')).toEqual({ kind: 'system', columns: [null, null, null] });
  expect(putKind(CONTACTS, 'contact')).toEqual(mappingOf(CONTACTS));
  expect(putKind(CONTACTS, null).columns).toEqual([null, null, null]);
});

test('what names a record must have a column, but the organization may be that of the import', () => {
  expect(unfedFields(mappingOf(CONTACTS), false)).toEqual({ keys: ['organizationCode'], required: [] });
  expect(unfedFields(mappingOf(CONTACTS), true)).toEqual({ keys: [], required: [] });
  const organizations = putKind(sheet('a', null, ['单位名称', null]), 'organization');
  expect(unfedFields(organizations, true)).toEqual({ keys: ['organizationCode'], required: ['sector'] });
  expect(unfedFields({ kind: null, columns: [null] }, false)).toEqual({ keys: [], required: [] });
});

test('a corrected file takes the columns of the one before only where sheets and headers are the same', () => {
  const before = { sheets: [CONTACTS] };
  const proposed = { sheets: [sheet('联络人', null, ['姓名', null], ['角色', null], ['手机', null])] };
  expect(carriedOver(before, proposed)).toEqual({
    sheets: [mappingOf(CONTACTS)],
  });
  const moved = { sheets: [sheet('联络人', null, ['角色', null], ['姓名', null], ['手机', null])] };
  expect(carriedOver(before, moved)).toBeNull();
  expect(carriedOver(before, { sheets: [] })).toBeNull();
});
