import { expect, test } from 'vitest';
import { packageLocus, purlLocus } from './package-locus.ts';
import { severityOfScore, severityOfWord } from './severity.ts';
import { cveIds, cweIds } from './weakness-ids.ts';
import { webPlace } from './web-place.ts';
import { zonedInstant } from './zoned-instant.ts';

test.each([
  ['https://WWW.Example.org/a/b?x=1#y', { kind: 'fqdn', value: 'www.example.org' }, 443, '/a/b'],
  ['http://192.0.2.7:8080', { kind: 'ip', value: '192.0.2.7' }, 8080, '/'],
  ['http://[2001:DB8::1]/', { kind: 'ip', value: '2001:db8::1' }, 80, '/'],
])('%s is a place on the web', (address, identifier, port, path) => {
  expect(webPlace(address)).toEqual({ identifier, port, path });
});

test.each([undefined, '', 'www.example.org', 'javascript:alert(1)', 'http://', 'http://x:0/', 'http://a b/'])(
  '%j is no place on the web',
  (address) => expect(webPlace(address)).toBeUndefined(),
);

test.each([
  ['2026-11-21T02:20:00Z', '2026-11-21T02:20:00.000Z'],
  ['2026-11-21 02:20:00+08:00', '2026-11-20T18:20:00.000Z'],
  ['2026-11-21T02:20:00.123456789-0500', '2026-11-21T07:20:00.123Z'],
  ['2026-11-21 02:20:00 UTC', '2026-11-21T02:20:00.000Z'],
  ['2026-11-21T02:20:00', null],
  ['21/11/2026 02:20:00 Z', null],
  ['0001-01-01T00:00:00Z', null],
  ['2026-13-41T99:00:00Z', null],
])('the time %s is %s: one without a zone is none', (text, at) => {
  expect(zonedInstant(text)).toBe(at);
});

test('CVE and CWE ids are found wherever a tool writes them', () => {
  expect(cveIds('cve-2021-44228, CVE-2021-44228', 7, 'see CVE-2014-0160.')).toEqual([
    'CVE-2021-44228',
    'CVE-2014-0160',
  ]);
  expect(cweIds('CWE-79: XSS', 'external/cwe/cwe-020', 89, '352', '-1', 0, null, 'cwe_22')).toEqual([
    'CWE-79',
    'CWE-20',
    'CWE-89',
    'CWE-352',
    'CWE-22',
  ]);
});

test('the locus of a package has no version, so that an upgrade that is not enough closes nothing', () => {
  expect(packageLocus('app/package-lock.json', { type: 'npm', namespace: '@a', name: 'b' })).toBe(
    'app/package-lock.json#pkg:npm/%40a/b',
  );
  expect(purlLocus('', 'pkg:deb/debian/openssl@3.0.1?arch=amd64')).toBe('#pkg:deb/debian/openssl');
  expect(purlLocus('', 'openssl 3.0.1')).toBeUndefined();
  expect(packageLocus('x', { type: 'no type', name: 'a' })).toBe('x#pkg:generic/no%20type%2Fa');
});

test('scores and words are graded as CVSS does', () => {
  expect([0, 0.1, 3.9, 4, 6.9, 7, 8.9, 9, 10].map(severityOfScore)).toEqual([
    'info',
    'low',
    'low',
    'medium',
    'medium',
    'high',
    'high',
    'critical',
    'critical',
  ]);
  expect(['Critical', ' MODERATE ', 'unknown', undefined].map(severityOfWord)).toEqual([
    'critical',
    'medium',
    'info',
    'info',
  ]);
});
