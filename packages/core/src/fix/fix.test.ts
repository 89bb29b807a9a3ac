import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { fixOf } from './fix.ts';
import { seenSubject, sharedSubject } from './subject.ts';

const of = (check: string, title: string, locus = '') => fixOf({ check, title, locus });

describe('one measure mends', () => {
  it('all weak protocols and ciphers of TLS, whichever tool reports them', () => {
    const keys = [
      of('testssl:BEAST', 'BEAST'),
      of('sslscan:tls1.0', 'TLS 1.0 is offered'),
      of('nessus:104743', 'TLS Version 1.0 Protocol Detection'),
      of('testssl:cipherlist_3DES_IDEA', '3DES offered'),
      of('nmap-script:ssl-enum-ciphers', 'TLS 1.0', 'TLSv1.0'),
    ].map(({ key }) => key);
    expect(new Set(keys)).toEqual(new Set(['tls']));
  });

  it('what is wrong with a certificate: another certificate', () => {
    expect(of('testssl:cert_notAfter', 'expired')).toMatchObject({
      key: 'tls-certificate',
      kind: 'certificate',
    });
    expect(of('sslscan:certificate-expired', 'expired').key).toBe('tls-certificate');
  });

  it('every weakness of one package: its upgrade', () => {
    const first = of(
      'trivy:CVE-2022-1304',
      'e2fsprogs: out-of-bounds',
      'debian#pkg:deb/debian/libcom-err2@1.44',
    );
    expect(first).toMatchObject({ key: 'upgrade:deb/debian/libcom-err2', kind: 'upgrade' });
    expect(first.subject.en).toBe('libcom-err2 (deb)');
    expect(of('grype:CVE-2023-1', 'x', 'image#pkg:deb/debian/libcom-err2@1.45').key).toBe(first.key);
    const named = ['%40types', 'a%', 'a%00b'].map((name) => of('x:1', 'x', `#pkg:npm/${name}`).subject.en);
    expect(named).toEqual(['@types (npm)', 'a% (npm)', 'a%00b (npm)']);
  });

  it.each([
    ['OpenSSL 1.1.1 < 1.1.1t Multiple Vulnerabilities', 'upgrade:product/openssl'],
    ['OpenSSL 3.0.0 < 3.0.8 Multiple Vulnerabilities', 'upgrade:product/openssl'],
    ['Apache 2.4.x < 2.4.56 Multiple Vulnerabilities', 'upgrade:product/apache'],
    ['PHP < 8.1.16', 'upgrade:product/php'],
    [
      'Ubuntu 16.04 ESM / 18.04 LTS / 20.04 LTS / 22.04 LTS : curl vulnerability (USN-5587-1)',
      'upgrade:product/curl',
    ],
    [
      'Ubuntu 18.04 LTS / 20.04 LTS : Linux kernel vulnerabilities (USN-5384-1)',
      'upgrade:product/linux kernel',
    ],
    ['AlmaLinux 8 : java-17-openjdk (ALSA-2023:0192)', 'upgrade:product/java-17-openjdk'],
    [
      'KB5022282: Windows 10 Version 20H2 / 21H2 Security Update (January 2023)',
      'upgrade:product/microsoft windows',
    ],
    ['Apache Log4j Unsupported Version Detection', 'replace:apache log4j'],
  ])('“%s” is %s', (title, key) => {
    expect(of('nessus:99999', title).key).toBe(key);
  });

  it('what names no product: the same check on all assets', () => {
    const one = of('nessus:11213', 'HTTP TRACE / TRACK Methods Allowed');
    expect(of('zap:99999', 'Something odd')).toEqual({
      key: 'check:zap:99999',
      kind: 'single',
      subject: { zh: 'Something odd', en: 'Something odd' },
    });
    expect(one.kind).toBe('single');
  });
});

const anyLocus = fc.oneof(
  fc.string({ maxLength: 500 }),
  fc.string({ unit: fc.constantFrom('%', 'z', '4', '1', '/', '@') }).map((name) => `place#pkg:npm/${name}`),
);
property.prop([fc.string(), fc.string({ maxLength: 3000 }), anyLocus])(
  'any text of a tool has a measure, always the same, with a key that fits an index',
  (check, title, locus) => {
    const fix = fixOf({ check, title, locus });
    expect(fix).toEqual(fixOf({ check, title, locus }));
    expect(fix.key).not.toBe('');
  },
);

describe('the subject that all organizations share', () => {
  const shared = (check: string, title: string) => sharedSubject(of(check, title)).en;

  it('is the name of the check or of the product, whatever else a title says', () => {
    expect(shared('nikto:000123', 'Header x-internal: user=zhangwei')).toBe('nikto:000123');
    expect(shared('nessus:1', 'OpenSSL < 3.0.8 at zhangwei')).toBe('openssl');
    expect(shared('nessus:2', 'Apache Log4j Unsupported Version Detection')).toBe('apache log4j');
    expect(shared('testssl:BEAST', 'BEAST')).toBe('TLS protocol versions and cipher suites');
  });

  property.prop([
    fc.string(),
    fc.string(),
    fc.constantFrom('OpenSSL < 3.0', 'OPENssl < 3.1 x', 'odd', 'other'),
  ])('is equal where the key is', (check, title, other) => {
    const [one, two] = [of(check, title), of(check, other)];
    if (one.key === two.key) expect(sharedSubject(one)).toEqual(sharedSubject(two));
    const [third, fourth] = [of(check, other), of('nessus:1', 'OpenSSL < 3.0')];
    if (third.key === fourth.key) expect(sharedSubject(third)).toEqual(sharedSubject(fourth));
  });
});

describe('the subject as somebody’s own findings have it', () => {
  const seen = (key: string, first: string | null, last: string | null, shared = 'shared') =>
    seenSubject({ key, shared: { zh: shared, en: shared } }, first, last).en;

  it.each<{ is: string; key: string; titles: [string, string] | [null, null]; shown: string }>([
    { is: 'their one title', key: 'check:a:1', titles: ['A', 'A'], shown: 'A' },
    { is: 'what is shared where titles differ', key: 'check:a:1', titles: ['A', 'B'], shown: 'shared' },
    { is: 'what is shared where none is known', key: 'check:a:1', titles: [null, null], shown: 'shared' },
    { is: 'what is shared where they have none', key: 'check:a:1', titles: ['', ''], shown: 'shared' },
    { is: 'never a title where it is more than a check', key: 'tls', titles: ['A', 'A'], shown: 'shared' },
    {
      is: 'never another product',
      key: 'upgrade:product/curl',
      titles: ['OpenSSL < 3.0', 'OpenSSL < 3.0'],
      shown: 'shared',
    },
  ])('is $is', ({ key, titles: [first, last], shown }) => {
    expect(seen(key, first, last)).toBe(shown);
  });

  it('has a product in its own letters', () => {
    expect(seen('upgrade:product/openssl', 'OpenSSL < 3.0', 'openssl < 3.1', 'openssl')).toBe('OpenSSL');
  });
});
