import { describe, expect, it } from 'vitest';
import { type AuthorizationDraft, readAuthorizationFlaws } from './flaws.ts';

const SOUND: AuthorizationDraft = {
  ranges: ['192.0.2.0/24', '2001:db8::/32'],
  names: ['www.example.org', '*.example.com'],
  allowed: ['tls', 'http'],
  forbidden: ['http'],
  windows: [{ days: [1, 7], from: '22:00', until: '06:00' }],
  timeZone: 'Asia/Shanghai',
  rate: 10,
  validFrom: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-12-31T00:00:00.000Z',
};

describe('the form of an authorization', () => {
  it('has nothing to say about a sound one', () => {
    expect(readAuthorizationFlaws(SOUND)).toEqual([]);
  });

  it.each<[Partial<AuthorizationDraft>, string, string]>([
    [{ ranges: [], names: [] }, 'ranges', 'NO_TARGETS'],
    [{ ranges: ['192.0.2.0'] }, 'ranges.0', 'RANGE_MALFORMED'],
    [{ ranges: ['192.0.2.0/24', '192.0.2/24'] }, 'ranges.1', 'RANGE_MALFORMED'],
    [{ ranges: ['192.0.2.0/24/24'] }, 'ranges.0', 'RANGE_MALFORMED'],
    [{ ranges: ['::ffff:192.0.2.0/120'] }, 'ranges.0', 'RANGE_MALFORMED'],
    [{ ranges: ['192.0.2.1/24'] }, 'ranges.0', 'RANGE_HOST_BITS'],
    [{ ranges: ['2001:db8::1/64'] }, 'ranges.0', 'RANGE_HOST_BITS'],
    [{ ranges: ['0.0.0.0/0'] }, 'ranges.0', 'RANGE_TOO_WIDE'],
    [{ ranges: ['2000::/3'] }, 'ranges.0', 'RANGE_TOO_WIDE'],
    [{ names: ['example'] }, 'names.0', 'NAME_MALFORMED'],
    [{ names: ['*.org'] }, 'names.0', 'NAME_MALFORMED'],
    [{ names: ['*.*.example.org'] }, 'names.0', 'NAME_MALFORMED'],
    [{ names: ['www.example.org', 'https://www.example.org'] }, 'names.1', 'NAME_MALFORMED'],
    [{ names: ['192.0.2.1'] }, 'names.0', 'NAME_MALFORMED'],
    [{ allowed: [] }, 'allowed', 'NO_METHOD'],
    [{ allowed: ['http'] }, 'allowed', 'NO_METHOD'],
    [{ windows: [{ days: [], from: '22:00', until: '06:00' }] }, 'windows.0.days', 'WINDOW_DAYS'],
    [{ windows: [{ days: [0], from: '22:00', until: '06:00' }] }, 'windows.0.days', 'WINDOW_DAYS'],
    [{ windows: [{ days: [1, 1], from: '22:00', until: '06:00' }] }, 'windows.0.days', 'WINDOW_DAYS'],
    [{ windows: [{ days: [1], from: '24:00', until: '06:00' }] }, 'windows.0.from', 'WINDOW_TIME'],
    [{ windows: [{ days: [1], from: '22:00', until: '6:00' }] }, 'windows.0.until', 'WINDOW_TIME'],
    [{ timeZone: 'Beijing' }, 'timeZone', 'TIME_ZONE_UNKNOWN'],
    [{ timeZone: '+08:00' }, 'timeZone', 'TIME_ZONE_UNKNOWN'],
    [{ timeZone: '' }, 'timeZone', 'TIME_ZONE_UNKNOWN'],
    [{ rate: 0 }, 'rate', 'RATE_OUT_OF_RANGE'],
    [{ rate: 1.5 }, 'rate', 'RATE_OUT_OF_RANGE'],
    [{ rate: 1001 }, 'rate', 'RATE_OUT_OF_RANGE'],
    [{ expiresAt: SOUND.validFrom }, 'expiresAt', 'EXPIRES_BEFORE_START'],
    [{ expiresAt: 'soon' }, 'expiresAt', 'EXPIRES_BEFORE_START'],
    [{ expiresAt: '2027-02-05T00:00:00.001Z' }, 'expiresAt', 'EXPIRES_TOO_LATE'],
  ])('finds in %j that %s is %s', (change, field, code) => {
    expect(readAuthorizationFlaws({ ...SOUND, ...change })).toEqual([{ field, code }]);
  });

  it('allows 400 days and no moment more', () => {
    expect(readAuthorizationFlaws({ ...SOUND, expiresAt: '2027-02-05T00:00:00.000Z' })).toEqual([]);
  });

  it('names all that is wrong at once', () => {
    expect(readAuthorizationFlaws({ ...SOUND, rate: -1, timeZone: 'x', names: [''] })).toHaveLength(3);
  });
});
