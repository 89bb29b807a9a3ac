import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { methodBit } from '../cover/depth.ts';
import { METHODS } from '../observe/record.ts';
import { EQUIVALENCES, standInsFor } from '../problem/equivalence.ts';
import type { Available, ToRetest } from './plan.ts';
import { scopeOf } from './scope.ts';
import { ENGINES } from './vocabulary.ts';

const VANTAGES = ['inside', 'office', 'outside'];
const PLACES = [
  ...EQUIVALENCES.flatMap(({ members }) =>
    members.map(({ check, locus }) => ({ check, locus: locus ?? '' })),
  ),
  { check: 'nmap:open-port', locus: '' },
  { check: 'nuclei:exposed-panel', locus: '/admin' },
  { check: 'sslscan:weak-cipher', locus: 'TLSv1.0#TLS_RSA_WITH_RC4_128_SHA' },
  { check: 'trivy:CVE-2024-0001', locus: 'pkg:npm/a' },
  { check: 'wapiti:cross-site-scripting', locus: '/search#GET q' },
];
const HOSTS = [
  { kind: 'ip', value: '192.0.2.7' },
  { kind: 'ip', value: '192.0.2.8' },
  { kind: 'fqdn', value: 'www.example.org' },
] as const;

const some = <T>(of: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...of], { minLength: 1 });

const finding: fc.Arbitrary<Omit<ToRetest, 'findingId'>> = fc
  .record({
    place: fc.constantFrom(...PLACES),
    host: fc.constantFrom(...HOSTS),
    port: fc.constantFrom(443, 8443),
    vantages: some(VANTAGES),
    method: fc.constantFrom(...METHODS),
    crossTool: fc.boolean(),
    versionKey: fc.constantFrom(null, '012.013!', '019!'),
  })
  .map(({ place, host, port, vantages, method, crossTool, versionKey }) => ({
    key: { asset: `${host.kind}:${host.value}`, transport: 'tcp', port, ...place },
    identifiers: [host],
    need: { methods: methodBit(method), credential: 'none', feedKey: null, versionKey, vantages },
    crossTool,
  }));

const findings = fc
  .array(finding, { maxLength: 12 })
  .map((list) => list.map((one, index): ToRetest => ({ ...one, findingId: `f${index}` })));

const available: fc.Arbitrary<Available[]> = fc.array(
  fc.record({
    engine: fc.constantFrom(...ENGINES),
    version: fc.constantFrom('1.0', '2.5', '7.93'),
    vantage: fc.constantFrom(...VANTAGES),
  }),
  { maxLength: 14 },
);

describe('the scope of a retest', () => {
  test.prop([findings, available])(
    'has every finding once for each of its places, or among the unprovable, and never in both',
    (list, tools) => {
      const { tasks, unprovable } = scopeOf(list, tools);
      for (const { findingId, need } of list) {
        const asked = tasks.filter(({ questions }) => questions.some((one) => one.findingId === findingId));
        const given = unprovable.filter((one) => one.findingId === findingId).length;
        expect(asked.map(({ vantage }) => vantage).sort()).toEqual(
          given === 1 ? [] : [...need.vantages].sort(),
        );
        expect(given).toBeLessThanOrEqual(1);
      }
    },
  );

  test.prop([findings, available])(
    'asks nothing but the checks of the findings or their stand-ins, at their ports and their hosts',
    (list, tools) => {
      for (const { host, questions } of scopeOf(list, tools).tasks) {
        for (const { findingId, port, check, locus } of questions) {
          const about = list.find((one) => one.findingId === findingId);
          expect(about?.key.port).toBe(port);
          expect(about?.identifiers.map(({ value }) => value)).toContain(host);
          const own = about?.key.check === check && about.key.locus === locus;
          const standIn =
            about?.crossTool === true &&
            standInsFor(about.key).some((one) => one.check === check && one.locus === locus);
          expect(own || standIn).toBe(true);
        }
      }
    },
  );

  test.prop([findings, available, fc.nat()])('does not know the order of its lists', (list, tools, turn) => {
    const turned = <T>(of: readonly T[]): T[] => [
      ...of.slice(turn % (of.length || 1)),
      ...of.slice(0, turn % (of.length || 1)),
    ];
    expect(scopeOf(turned(list).toReversed(), turned(tools))).toEqual(scopeOf(list, tools));
  });

  test.prop([findings, available, available])('never loses a finding by more tools', (list, tools, more) => {
    const refused = (with_: Available[]): Set<string> =>
      new Set(scopeOf(list, with_).unprovable.map((one) => one.findingId));
    const before = refused(tools);
    for (const one of refused([...tools, ...more])) expect(before).toContain(one);
  });

  test.prop([findings, available])(
    'sends only tools that are there, and new enough for their own findings',
    (list, tools) => {
      for (const { engine, vantage } of scopeOf(list, tools).tasks) {
        expect(tools.some((one) => one.engine === engine && one.vantage === vantage)).toBe(true);
      }
    },
  );
});
