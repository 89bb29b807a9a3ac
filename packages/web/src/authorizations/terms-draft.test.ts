import { expect, test } from 'vitest';
import { emptyDraft, flawsOf, missingFields, termsOf } from './terms-draft.ts';

const DRAFT = emptyDraft('Asia/Shanghai');
const NOW = '2026-11-21T08:00:00.000Z';

test('targets are told apart by how they are written, one a line or with commas of either language', () => {
  const { ranges, names } = termsOf(
    {
      ...DRAFT,
      targets: '192.0.2.0/24\n192.0.2.7, WWW.example.org；*.example.net 2001:db8::/64\n2001:db8::1',
    },
    NOW,
  );
  expect(ranges).toEqual(['192.0.2.0/24', '192.0.2.7/32', '2001:db8::/64', '2001:db8::1/128']);
  expect(names).toEqual(['www.example.org', '*.example.net']);
});

test('what is missing is named in the order of the form', () => {
  expect(missingFields(DRAFT)).toEqual([
    'organizationId',
    'title',
    'targets',
    'contactName',
    'contactPhone',
    'signedBy',
    'expiresAt',
    'file',
  ]);
  expect(missingFields({ ...DRAFT, title: ' ' })).toContain('title');
});

test('what the server would refuse is said at its place before anything is sent', () => {
  const flawed = {
    ...DRAFT,
    targets: '192.0.2.5/24 www..org 10.0.0.1',
    expiresAt: '2026-11-20T00:00:00.000Z',
  };
  expect(flawsOf(flawed, NOW)).toEqual([
    { field: 'targets', code: 'RANGE_HOST_BITS', value: '192.0.2.5/24' },
    { field: 'targets', code: 'NAME_MALFORMED', value: 'www..org' },
    { field: 'expiresAt', code: 'EXPIRES_BEFORE_START', value: null },
  ]);
  expect(flawsOf({ ...DRAFT, targets: '10.0.0.0/24', expiresAt: '2026-12-20T00:00:00.000Z' }, NOW)).toEqual(
    [],
  );
});
