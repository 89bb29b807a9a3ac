import { describe, expect, test } from 'vitest';
import { OBJECTS, permissionsOf, roleMay, rolesThatMay } from './matrix.ts';
import { ENDS_BY_DATE, OF_ONE_SYSTEM, ROLES, type Role, sideOf } from './roles.ts';
import { flawOf, mayApproveFinding, mayApprovePaper, roleApproves } from './separation.ts';

const of = (side: string): Role[] => ROLES.filter((role) => sideOf(role) === side);
const NOW = '2026-11-21T00:00:00Z';

/** Object by role, as letters: the whole grid, so that no cell changes unseen. */
const grid = (): string[] =>
  OBJECTS.map((object) => {
    const cells = ROLES.map((role) =>
      (['create', 'read', 'update', 'approve', 'export'] as const)
        .filter((action) => roleMay(role, { object, action }))
        .map((action) => ({ create: 'C', read: 'R', update: 'U', approve: 'A', export: 'X' })[action])
        .join(''),
    );
    return [object, ...cells.map((cell) => cell || '-')].join(' ');
  });

describe('the permission matrix', () => {
  test('is this one', () => {
    expect(grid()).toEqual([
      'account CRU - - - - - - - - - - - - -',
      'settings CRU - - - - - - - - - - - - -',
      'audit - RX - - - - - - - - - - - -',
      'organization CRU R RUX CRUX R R R R R RUX RUX R R R',
      'asset - - RX CRUX RU R RU R R RAX CRUX RU R -',
      'contact - - RX CRUX R - R R R CRUX CRUX - - -',
      'campaign - - RA CRU R R R R R R R R - -',
      'answer - - R R R - R - R RA CRU CRU - -',
      'conclusion - - RA R CRU R CRU - R R R R - -',
      'import - - R CR - CR CR - R - - - - -',
      'finding - - RA RU CR CR CRUA R R R RU RU RU -',
      'notice - - RA CRU C - - CR R RA RA R - -',
      'reply - - RA R - - RA - R CR CR CR CR -',
      'policy CR R RA CR R - R R R R R R R -',
      'feed CRU - R R - R R R - - - - - -',
      'authorization - - RUA CRU RU RU RU RU R RUA CRU R - -',
      'runner CRU - R R - R - - - - - - - -',
      'retest - - RA CR CRU CRU CRU - R CRA CR CR - -',
      'incident - - RA R - R R CRU R RA CR CR - -',
      'report - - RAX CRX - - C - RX R R - - R',
      'certificate - RX R R R R R R R R R - - -',
    ]);
  });

  test('gives every object to somebody and every role something', () => {
    for (const object of OBJECTS)
      expect([object, rolesThatMay({ object, action: 'read' })]).not.toEqual([object, []]);
    for (const role of ROLES) expect(permissionsOf(role)).not.toEqual([]);
  });

  test('keeps findings from the roles that run the platform', () => {
    for (const role of of('platform'))
      expect(roleMay(role, { object: 'finding', action: 'read' })).toBe(false);
  });

  test('lets an auditor change nothing', () => {
    const changes = permissionsOf('security-auditor').filter(
      ({ action }) => !['read', 'export'].includes(action),
    );
    expect(changes).toEqual([]);
  });
});

describe('separation', () => {
  test('nobody on the side of an organization approves anything about a finding', () => {
    for (const role of of('organization')) expect(roleApproves(role, 'finding', 'low')).toBe(false);
  });

  test('an analyst decides the low ones, and only the lead the high and critical ones', () => {
    expect(roleApproves('finding-analyst', 'finding', 'medium')).toBe(true);
    expect(roleApproves('finding-analyst', 'finding', 'high')).toBe(false);
    expect(roleApproves('coordinator-lead', 'finding', 'critical')).toBe(true);
  });

  test('who drafted a paper does not approve it', () => {
    expect(mayApprovePaper({ author: 1, approver: 1 })).toBe(false);
    expect(mayApprovePaper({ author: 1, approver: 2 })).toBe(true);
  });

  test.each([
    [{ author: 1, verifier: 2, approver: 3 }, 'critical', true],
    [{ author: 1, verifier: 2, approver: 2 }, 'high', false],
    [{ author: 1, verifier: 1, approver: 3 }, 'high', false],
    [{ author: 1, verifier: 2, approver: 1 }, 'high', false],
    [{ author: 1, verifier: null, approver: 3 }, 'critical', false],
    [{ author: 1, verifier: null, approver: 1 }, 'medium', true],
  ] as const)('%o may decide a %s finding: %s', (people, severity, allowed) => {
    expect(mayApproveFinding(people, severity)).toBe(allowed);
  });

  test.each(ENDS_BY_DATE)('the access of a %s ends by a date', (role) => {
    const wish = { role, organizationId: 1, systemId: 1, expiresAt: null };
    expect(flawOf(wish, NOW)).toBe('NEEDS_END');
    expect(flawOf({ ...wish, expiresAt: '2026-11-20T00:00:00Z' }, NOW)).toBe('ENDS_BEFORE_START');
    expect(flawOf({ ...wish, expiresAt: '2026-12-20T00:00:00Z' }, NOW)).toBe(null);
  });

  test.each(OF_ONE_SYSTEM)('a %s is granted for one system', (role) => {
    expect(flawOf({ role, organizationId: 1, systemId: null, expiresAt: '2027-01-01T00:00:00Z' }, NOW)).toBe(
      'NEEDS_SYSTEM',
    );
  });

  test('a role of an organization is granted inside one', () => {
    expect(flawOf({ role: 'liaison', organizationId: null, systemId: null, expiresAt: null }, NOW)).toBe(
      'NEEDS_ORGANIZATION',
    );
    expect(
      flawOf({ role: 'finding-analyst', organizationId: null, systemId: null, expiresAt: null }, NOW),
    ).toBe(null);
  });
});
