import type { AuthorizationRow } from '@backcheck/db';
import { describe, expect, it } from 'vitest';
import { chooseAuthorization, coveringAuthorizations } from './choose-authorization.ts';

const AT = '2026-11-21T10:00:00.000Z';
const person = { id: '1', name: 'x' };
const paper = (id: string, changes: Partial<AuthorizationRow> = {}): AuthorizationRow => ({
  id,
  organizationId: 1,
  organization: { id: '1', name: 'x', nameZh: null },
  title: 'x',
  ranges: ['192.0.2.0/24'],
  names: [],
  allowed: ['tls', 'http'],
  forbidden: [],
  windows: [],
  timeZone: 'UTC',
  rate: 100,
  sourceAddresses: [],
  stopContact: { name: 'x', phone: 'x' },
  signedBy: 'x',
  document: { fileName: 'x', sizeBytes: 1, sha256: 'a'.repeat(64) },
  validFrom: '2026-01-01T00:00:00.000Z',
  expiresAt: '2027-01-01T00:00:00.000Z',
  draftedBy: person,
  draftedAt: AT,
  approvedBy: person,
  approvedAt: AT,
  stoppedBy: null,
  stoppedAt: null,
  revokedBy: null,
  revokedAt: null,
  running: 0,
  waiting: 0,
  ...changes,
});
const ip = (value: string) => ({ kind: 'ip', value }) as const;
const name = (value: string) => ({ kind: 'fqdn', value }) as const;
const covering = (papers: AuthorizationRow[], ...identifiers: ReturnType<typeof ip | typeof name>[]) =>
  coveringAuthorizations({ identifiers }, papers, AT).map(({ id }) => id);
const choose = (
  papers: AuthorizationRow[],
  slowest = 1,
  method: 'tls' | 'crawl' = 'tls',
  host = '192.0.2.7',
) => chooseAuthorization({ host, method }, { under: papers, authorizations: papers, slowest, at: AT });

describe('an asset is covered', () => {
  it('by its address, by its name, or by the address of its name', () => {
    const papers = [paper('range'), paper('name', { ranges: [], names: ['*.example.org'] })];
    expect(covering(papers, ip('192.0.2.7'))).toEqual(['range']);
    expect(covering(papers, name('www.example.org'))).toEqual(['name']);
    expect(covering(papers, name('www.example.org'), ip('192.0.2.7'))).toEqual(['range', 'name']);
    expect(covering(papers, name('example.org'))).toEqual([]);
    expect(covering(papers, ip('198.51.100.1'))).toEqual([]);
  });

  it('by nothing that is not in force, and by nothing whose hours never come again', () => {
    const never = paper('never', {
      windows: [{ days: [1], from: '01:00', until: '02:00' }],
      expiresAt: '2026-11-22T00:00:00.000Z',
    });
    const papers = [
      paper('stopped', { stoppedAt: AT }),
      paper('drafted', { approvedAt: null }),
      paper('expired', { expiresAt: AT }),
      paper('later', { validFrom: '2026-12-01T00:00:00.000Z' }),
      never,
    ];
    expect(covering(papers, ip('192.0.2.7'))).toEqual([]);
  });
});

describe('a task stands under', () => {
  const night = { windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', until: '23:00' }] };
  const noon = { windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '12:00', until: '13:00' }] };

  it('the authorization that opens soonest, then the one with the shortest queue', () => {
    expect(choose([paper('night', night), paper('noon', noon)])).toEqual({
      authorizationId: 'noon',
      rate: 13,
      startsAt: '2026-11-21T12:00:00.000Z',
    });
    expect(choose([paper('noon', noon), paper('busy', { waiting: 3 }), paper('idle')])).toMatchObject({
      authorizationId: 'idle',
      startsAt: null,
    });
  });

  it('an eighth of the rate, or what its tool needs at least', () => {
    expect(choose([paper('a')])).toMatchObject({ rate: 13 });
    expect(choose([paper('a', { rate: 1 })])).toMatchObject({ rate: 1 });
    expect(choose([paper('a')], 50)).toMatchObject({ rate: 50 });
    expect(choose([paper('slow', { rate: 20 }), paper('fast', { rate: 60, waiting: 9 })], 50)).toMatchObject({
      authorizationId: 'fast',
    });
  });

  it('nothing where the rate is too low, the method is not allowed, or the address is special', () => {
    expect(choose([paper('a', { rate: 20 })], 50)).toEqual({ obstacle: 'RATE_TOO_LOW' });
    expect(choose([paper('a')], 1, 'crawl')).toEqual({ obstacle: 'NOT_AUTHORIZED' });
    expect(choose([paper('a', { forbidden: ['tls'] })])).toEqual({ obstacle: 'NOT_AUTHORIZED' });
    expect(choose([])).toEqual({ obstacle: 'ADDRESS_REFUSED' });
    expect(choose([], 1, 'tls', '9.9.9.9')).toEqual({ obstacle: 'NOT_AUTHORIZED' });
    expect(choose([], 1, 'tls', '127.0.0.1')).toEqual({ obstacle: 'ADDRESS_REFUSED' });
    expect(choose([], 1, 'tls', 'www.example.org')).toEqual({ obstacle: 'NOT_AUTHORIZED' });
  });
});
