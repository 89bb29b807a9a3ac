import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { addressClass } from './address-class.ts';
import { allowsMethod, coversTarget, isInForce } from './covers.ts';

describe('an address is of a kind', () => {
  it.each([
    ['8.8.8.8', 'global'],
    ['2606:4700::1111', 'global'],
    ['192.31.196.1', 'global'],
    ['10.1.2.3', 'private'],
    ['172.15.255.255', 'global'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'global'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['100.127.255.255', 'private'],
    ['fc00::1', 'private'],
    ['fdff::1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.0.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['169.254.170.2', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['fe80::a9fe:a9fe', 'metadata'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['0.1.2.3', 'reserved'],
    ['240.0.0.1', 'reserved'],
    ['192.0.0.8', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['198.51.100.1', 'reserved'],
    ['203.0.113.1', 'reserved'],
    ['198.19.255.255', 'reserved'],
    ['192.88.99.1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['2001:2::1', 'reserved'],
    ['3fff::1', 'reserved'],
    ['100::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['fec0::1', 'reserved'],
    ['4000::1', 'reserved'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:8.8.8.8', 'translated'],
    ['::169.254.169.254', 'metadata'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['64:ff9b::808:808', 'translated'],
    ['2002:a9fe:a9fe::', 'metadata'],
    ['2001:0:808:808:0:0:80ff:fffe', 'loopback'],
    ['2606:4700::5efe:a00:1', 'private'],
  ])('%s: %s', (address, kind) => {
    expect(addressClass(address)).toBe(kind);
  });

  it('has no kind when it is none', () => {
    expect(addressClass('localhost')).toBeNull();
  });
});

const covers = (
  listed: { ranges?: string[]; names?: string[] },
  host: string,
  address = host,
  own: string[] = [],
) => coversTarget({ ranges: [], names: [], ...listed }, { host, address, ownAddresses: own });

describe('an authorization covers', () => {
  it('an address in a listed range, and no other', () => {
    const ranges = ['192.0.2.0/24', '2001:db8:0:1::/64'];
    expect(covers({ ranges }, '192.0.2.10')).toBeNull();
    expect(covers({ ranges }, '2001:db8:0:1::9')).toBeNull();
    expect(covers({ ranges }, '8.8.8.8')).toBe('NOT_AUTHORIZED');
    expect(covers({ ranges }, '10.0.0.1')).toBe('NOT_AUTHORIZED');
    expect(covers({}, '8.8.8.8')).toBe('NOT_AUTHORIZED');
  });

  it('a listed name at a global address, and at no private one', () => {
    const names = ['www.example.org'];
    expect(covers({ names }, 'www.example.org', '8.8.8.8')).toBeNull();
    expect(covers({ names }, 'mail.example.org', '8.8.8.8')).toBe('NOT_AUTHORIZED');
    expect(covers({ names }, 'www.example.org', '10.0.0.1')).toBe('ADDRESS_REFUSED');
    expect(covers({ names, ranges: ['10.0.0.0/8'] }, 'www.example.org', '10.0.0.1')).toBeNull();
  });

  it('all names below a wildcard, and not the name itself', () => {
    const names = ['*.example.org'];
    expect(covers({ names }, 'a.b.example.org', '8.8.8.8')).toBeNull();
    expect(covers({ names }, 'example.org', '8.8.8.8')).toBe('NOT_AUTHORIZED');
    expect(covers({ names }, 'notexample.org', '8.8.8.8')).toBe('NOT_AUTHORIZED');
    expect(covers({ names }, 'example.org.evil.example', '8.8.8.8')).toBe('NOT_AUTHORIZED');
  });

  it('an address only as it is pinned', () => {
    expect(covers({ ranges: ['192.0.2.0/24'] }, '192.0.2.10', '192.0.2.11')).toBe('ADDRESS_REFUSED');
    expect(covers({ ranges: ['192.0.2.0/24'] }, 'www.example.org', 'www.example.org')).toBe(
      'ADDRESS_REFUSED',
    );
  });
});

const SPECIAL = [
  '127.0.0.1',
  '127.8.8.8',
  '::1',
  '169.254.0.1',
  '169.254.169.254',
  '100.100.100.200',
  'fd00:ec2::254',
  'fe80::1',
  '224.0.0.1',
  'ff02::1',
  '255.255.255.255',
  '0.0.0.0',
  '::',
  '192.0.2.1',
  '240.0.0.1',
];
const EVERYTHING = {
  ranges: ['0.0.0.0/0', '::/0', '0.0.0.0/1', '128.0.0.0/1', '8000::/1'],
  names: ['*.example.org'],
};

describe('special addresses are refused', () => {
  it.each(SPECIAL)('%s, also when everything is listed', (address) => {
    expect(covers(EVERYTHING, address)).toBe('ADDRESS_REFUSED');
    expect(covers(EVERYTHING, 'www.example.org', address)).toBe('ADDRESS_REFUSED');
  });

  it.each(SPECIAL)('%s is covered when it is listed by itself', (address) => {
    const length = address.includes(':') ? 128 : 32;
    expect(covers({ ranges: [`${address}/${length}`] }, address)).toBeNull();
  });

  it.each([
    ['127.0.0.0/8', '127.8.8.8'],
    ['169.254.0.0/16', '169.254.0.1'],
    ['fe80::/10', 'fe80::1'],
  ])('%s lists %s, because it lies in a special block as a whole', (range, address) => {
    expect(covers({ ranges: [range] }, address)).toBeNull();
  });

  it.each([
    ['169.254.0.0/16', '169.254.169.254'],
    ['100.64.0.0/10', '100.100.100.200'],
    ['fc00::/7', 'fd00:ec2::254'],
  ])('%s does not list the metadata service %s', (range, address) => {
    expect(covers({ ranges: [range] }, address)).toBe('ADDRESS_REFUSED');
  });

  it.each(['::ffff:8.8.8.8', '64:ff9b::808:808', '2002:808:808::1'])(
    '%s, which stands for a listed address',
    (address) => {
      const listed = { ranges: ['8.8.8.0/24', `${address}/128`], names: ['www.example.org'] };
      expect(covers(listed, address)).toBe('ADDRESS_REFUSED');
      expect(covers(listed, 'www.example.org', address)).toBe('ADDRESS_REFUSED');
    },
  );

  it('our own addresses, unless a narrow range lists them', () => {
    const own = ['10.0.0.5', '8.8.8.8'];
    expect(covers({ ranges: ['10.0.0.0/8'] }, '10.0.0.5', '10.0.0.5', own)).toBe('ADDRESS_REFUSED');
    expect(covers({ ranges: ['10.0.0.0/8'] }, '10.0.0.6', '10.0.0.6', own)).toBeNull();
    expect(covers({ ranges: ['10.0.0.5/32'] }, '10.0.0.5', '10.0.0.5', own)).toBeNull();
    expect(covers({ names: ['www.example.org'] }, 'www.example.org', '8.8.8.8', own)).toBe('ADDRESS_REFUSED');
  });

  property.prop([fc.ipV4(), fc.constantFrom('0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '64.0.0.0/2')])(
    'a very wide range covers global addresses only',
    (address, range) => {
      if (covers({ ranges: [range] }, address) === null) expect(addressClass(address)).toBe('global');
    },
  );
});

const SIGNED = {
  approvedAt: '2026-01-02T00:00:00.000Z',
  stoppedAt: null,
  revokedAt: null,
  validFrom: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-12-01T00:00:00.000Z',
};

describe('an authorization is in force', () => {
  const noon = '2026-06-01T12:00:00.000Z';
  it.each([
    ['once it is approved', {}, noon, true],
    ['not before somebody approved it', { approvedAt: null }, noon, false],
    ['not after the emergency stop', { stoppedAt: noon }, noon, false],
    ['not after it was revoked', { revokedAt: noon }, noon, false],
    ['from its first moment', {}, SIGNED.validFrom, true],
    ['not before it begins', {}, '2025-12-31T23:59:59.999Z', false],
    ['not at its expiry', {}, SIGNED.expiresAt, false],
  ])('%s', (_title, change, at, expected) => {
    expect(isInForce({ ...SIGNED, ...change }, at)).toBe(expected);
  });

  it('for the methods that it allows and does not forbid', () => {
    expect(allowsMethod({ allowed: ['tls'], forbidden: [] }, 'tls')).toBe(true);
    expect(allowsMethod({ allowed: ['tls'], forbidden: [] }, 'http')).toBe(false);
    expect(allowsMethod({ allowed: ['tls', 'crawl'], forbidden: ['crawl'] }, 'crawl')).toBe(false);
  });
});
