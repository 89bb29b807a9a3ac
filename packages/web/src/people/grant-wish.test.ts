import { expect, test } from 'vitest';
import { EMPTY_WISH, fitsInstallation, flawOfWish, grantOf } from './grant-wish.ts';

const NOW = '2026-11-21T10:00:00.000Z';
const liaison = { ...EMPTY_WISH, role: 'liaison', organizationId: '7' } as const;

test('a grant asks for its role and its organization before it is sent', () => {
  expect(flawOfWish(EMPTY_WISH, NOW)).toBe('NEEDS_ROLE');
  expect(flawOfWish({ ...liaison, organizationId: null }, NOW)).toBe('NEEDS_ORGANIZATION');
  expect(flawOfWish(liaison, NOW)).toBeNull();
});

test('a contractor gets nothing without a system and an end', () => {
  const contractor = { ...liaison, role: 'contractor' } as const;
  expect(flawOfWish(contractor, NOW)).toBe('NEEDS_END');
  const ending = { ...contractor, expiresAt: '2026-12-31T15:59:59.999Z' };
  expect(flawOfWish(ending, NOW)).toBe('NEEDS_SYSTEM');
  expect(flawOfWish({ ...ending, systemId: '3' }, NOW)).toBeNull();
  expect(flawOfWish({ ...ending, systemId: '3', expiresAt: NOW }, NOW)).toBe('ENDS_BEFORE_START');
});

test('a role of the inspected side is never offered for the whole installation', () => {
  expect(['liaison', 'security-lead', 'contractor'].some((role) => fitsInstallation(role as 'liaison'))).toBe(
    false,
  );
  expect(fitsInstallation('supervisor')).toBe(true);
});

test('what was chosen for an organization is not sent with a grant for the whole installation', () => {
  const wish = {
    ...EMPTY_WISH,
    role: 'supervisor',
    onNode: false,
    organizationId: '7',
    systemId: '3',
  } as const;
  expect(grantOf(wish)).toEqual([
    { role: 'supervisor', organizationId: null, systemId: null, campaignId: null, expiresAt: null },
  ]);
});
