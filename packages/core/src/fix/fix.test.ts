import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { fixOf } from './fix.ts';

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

property.prop([fc.string(), fc.string({ maxLength: 3000 }), fc.string({ maxLength: 500 })])(
  'any text of a tool has a measure, always the same, with a key that fits an index',
  (check, title, locus) => {
    const fix = fixOf({ check, title, locus });
    expect(fix).toEqual(fixOf({ check, title, locus }));
    expect(fix.key).not.toBe('');
  },
);
