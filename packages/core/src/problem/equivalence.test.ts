import { describe, expect, test } from 'vitest';
import { checkPrefix } from '../observe/finding-key.ts';
import { EQUIVALENCES, equivalenceOf, standInsFor } from './equivalence.ts';

const members = EQUIVALENCES.flatMap((one) => one.members.map((member) => ({ ...member, name: one.name })));

/** How the readers write their checks. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  testssl: /^[A-Za-z0-9_-]+$/,
  sslscan: /^[a-z0-9.-]+$/,
  'nmap-script': /^[a-z0-9-]+$/,
  nessus: /^\d{5,6}$/,
  greenbone: /^1\.3\.6\.1\.4\.1\.25623\.1\.0\.\d+$/,
  qualys: /^\d{5,6}$/,
  sslyze: /^[a-z0-9_]+$/,
  nuclei: /^[a-z0-9-]+$/,
  nikto: /^\d{6}$/,
  zap: /^\d+$/,
  nmap: /^open-port$/,
  masscan: /^open-port$/,
  naabu: /^open-port$/,
  'backcheck-tcp': /^open-port$/,
  'backcheck-tls': /^[a-z0-9.-]+$/,
  'backcheck-http': /^[a-z-]+$/,
  'backcheck-ssh': /^[a-z-]+$/,
};

describe('the equivalences that ship', () => {
  test('have a name each, a title in both languages and at least two members', () => {
    expect(new Set(EQUIVALENCES.map((one) => one.name)).size).toBe(EQUIVALENCES.length);
    for (const { name, title, cwe, members: own } of EQUIVALENCES) {
      expect(name).toMatch(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/);
      expect(title.en).toMatch(/^\S.*\S$/);
      expect(title.zh).toMatch(/\p{Script=Han}/u);
      for (const one of cwe) expect(one).toMatch(/^CWE-\d+$/);
      expect(own.length).toBeGreaterThan(1);
    }
  });

  test('name a check at a locus once in all, so that it belongs to one weakness', () => {
    const places = members.map(({ check, locus = '' }) => JSON.stringify([check, locus]));
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
  });

  test('write checks as the readers do, with a rank from 0 to 4', () => {
    for (const { check, rank } of members) {
      const prefix = checkPrefix(check);
      expect(check.slice(prefix.length + 1)).toMatch(SHAPES[prefix] ?? /^unknown prefix$/);
      expect([0, 1, 2, 3, 4]).toContain(rank);
    }
  });

  test('let only verified members at a named locus close, and only what has their rank or less', () => {
    const closing = members.flatMap(({ check, locus = '', rank }) =>
      locus === null ? [] : standInsFor({ check, locus }).map((by) => ({ check, locus, rank, by })),
    );
    expect(closing.length).toBeGreaterThan(50);
    for (const { check, locus, rank, by } of closing) {
      const own = members.find((one) => one.check === check && (one.locus ?? '') === locus);
      const other = members.find((one) => one.check === by.check && (one.locus ?? '') === by.locus);
      expect(own?.verified).toBeUndefined();
      expect(other?.verified).toBeUndefined();
      expect(other?.name).toBe(own?.name);
      expect(other?.rank).toBeGreaterThanOrEqual(rank);
      expect(rank).toBeGreaterThan(0);
    }
  });

  test('let nothing close that stands for many loci', () => {
    for (const { locus = '', rank } of members)
      if (locus === null || locus.endsWith('#')) expect(rank).toBe(0);
  });

  test('have a direction: no SSL 3.0 at all proves POODLE gone, not the other way round', () => {
    const closers = (check: string) => standInsFor({ check, locus: '' }).map((one) => one.check);
    expect(closers('nmap-script:ssl-poodle')).toContain('sslscan:ssl3');
    expect(closers('sslscan:ssl3')).not.toContain('nmap-script:ssl-poodle');
  });

  test('let no weaker question close: a page that frame-ancestors keeps from frames still lacks X-Frame-Options', () => {
    const nmap = { check: 'nmap-script:http-security-headers', locus: 'X-Frame-Options' };
    const ours = { check: 'backcheck-http:x-frame-options', locus: '' };
    expect(equivalenceOf(nmap)).toBe(equivalenceOf(ours));
    expect([...standInsFor(nmap), ...standInsFor(ours)]).toEqual([]);
  });

  test('know one locus from another, all below a place, and any locus', () => {
    const check = 'nmap-script:ssl-enum-ciphers';
    expect(equivalenceOf({ check, locus: 'TLSv1.0' })?.name).toBe('tls-1.0-offered');
    expect(equivalenceOf({ check, locus: 'TLSv1.2' })).toBeNull();
    expect(equivalenceOf({ check: 'testssl:TLS1', locus: 'elsewhere' })).toBeNull();
    const cipher = 'TLSv1.2#TLS_RSA_WITH_RC4_128_SHA';
    expect(equivalenceOf({ check, locus: cipher })?.name).toBe('weak-ciphers-accepted');
    expect(equivalenceOf({ check: 'zap:10020', locus: '/login' })?.name).toBe('x-frame-options-missing');
  });
});
