import { describe, expect, test } from 'vitest';
import { type ProblemParts, problemOf } from './problem.ts';

const at = (check: string, part: Partial<ProblemParts> = {}): string =>
  problemOf({ check, locus: '', cve: [], transport: 'tcp', port: 443, ...part }).key;

describe('several tools, one problem', () => {
  test('a declared equivalence groups at one service, whatever CVEs the tools name', () => {
    expect(at('testssl:SSLv3')).toBe(at('sslscan:ssl3', { cve: ['CVE-2014-3566'] }));
    expect(at('testssl:SSLv3')).not.toBe(at('sslscan:ssl3', { port: 8443 }));
    expect(problemOf({ check: 'testssl:SSLv3', locus: '', cve: [], transport: 'tcp', port: 443 }).name).toBe(
      'ssl-3.0-offered',
    );
  });

  test('else the same CVEs group at one service, in any order', () => {
    const cve = ['CVE-2021-44228', 'CVE-2021-45046'];
    expect(at('nessus:155999', { cve })).toBe(at('nuclei:log4j', { cve: cve.toReversed(), locus: '/api' }));
    expect(at('nessus:155999', { cve })).not.toBe(at('nuclei:log4j', { cve: cve.slice(0, 1) }));
  });

  test('of a package neither the place nor the version counts', () => {
    const cve = ['CVE-2021-44228'];
    const jar = 'app.jar#pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1';
    const other = { cve, locus: 'pkg:maven/org.apache.logging.log4j/log4j-core@2.15.0?type=jar', port: 0 };
    expect(at('trivy:x', { cve, locus: jar })).toBe(at('grype:y', other));
    expect(at('trivy:x', { cve, locus: jar })).not.toBe(at('trivy:x', { cve, locus: 'pkg:npm/log4j' }));
  });

  test('without either a finding is a problem of its own', () => {
    expect(at('nessus:1')).not.toBe(at('nessus:2'));
    expect(at('nessus:1', { locus: 'a' })).not.toBe(at('nessus:1', { locus: 'b' }));
  });
});
