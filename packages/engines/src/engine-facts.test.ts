import {
  type Ability,
  engineOfCheck,
  foldWorld,
  NMAP_SCRIPTS,
  type ScanFacts,
  TESTSSL_SECTIONS,
  type WorldFinding,
} from '@backcheck/core';
import { describe, expect, test } from 'vitest';
import { gather } from '../../scans/src/testing/gather.ts';
import { fixture, imported } from '../../scans/src/testing/scan-of.ts';

const LATER = '2029-11-22T02:00:00.000Z';
const EARLIER = '2026-11-20T02:00:00.000Z';

const TOOLS = [
  ['nmap', 'nmap/before.xml', 'nmap/after.xml'],
  ['sslscan', 'sslscan/before.xml', 'sslscan/after.xml'],
  ['testssl', 'testssl/before.json', 'testssl/after.json'],
] as const;

const abilityOf = ({ key }: Pick<WorldFinding, 'key'>): Ability | null =>
  engineOfCheck(key.check)?.ability(key) ?? null;

const name = ({ key }: Pick<WorldFinding, 'key'>): string => `${key.check} ${key.port} ${key.locus}`;

const seenIn = ({ observations }: ScanFacts, { key }: WorldFinding): boolean =>
  observations.some(
    ({ verdict, check, port, locus }) =>
      verdict === 'present' && check === key.check && port === key.port && locus === key.locus,
  );

describe.each(TOOLS)(
  'what is known of %s without running it agrees with our reader on real files',
  async (tool, weak, fixed) => {
    const before = await gather(await fixture(weak), { declaredAt: EARLIER });
    const after = await gather(await fixture(fixed), { declaredAt: LATER });
    const world = foldWorld([before, after].map(imported)).filter((one) => seenIn(before, one));

    test('what the reader lets a file close, the engine is said to be able to prove', () => {
      const closed = world.filter(({ state }) => state === 'verified-fixed');
      expect(closed.length).toBeGreaterThan(5);
      expect(closed.filter((one) => abilityOf(one) === null).map(name)).toEqual([]);
    });

    test('what the engine is said to be able to prove, the file of a fixed server closes', () => {
      const open = world.filter((one) => one.state !== 'verified-fixed' && !seenIn(after, one));
      expect(open.filter((one) => abilityOf(one) !== null).map(name)).toEqual([]);
    });

    test('its checks are its own, and no other tool claims them', () => {
      expect([...new Set(world.map(({ key }) => engineOfCheck(key.check)?.engine))]).toEqual([tool]);
    });
  },
);

/** Every check that the file denies somewhere, by a verdict or by a silence that counts. */
function denied({ observations, coverage }: ScanFacts): Set<string> {
  const silent = coverage
    .filter(({ evidence }) => evidence === 'E3' || evidence === 'E2')
    .flatMap(({ checks }) => ('ids' in checks ? checks.ids : []));
  return new Set([
    ...observations.filter(({ verdict }) => verdict === 'absent').map((one) => one.check),
    ...silent,
  ]);
}

test('every row that testssl.sh can deny by our reader has a section to run', async () => {
  const checks = [...denied(await gather(await fixture('testssl/after.json')))];
  const without = checks.filter(
    (check) => engineOfCheck(check)?.ability({ transport: 'tcp', port: 443, check, locus: '' }) === null,
  );
  // Rows that are never a finding: they are there, and good, or they are not there.
  expect(without.sort()).toEqual([
    'testssl:Content-Security-Policy',
    'testssl:X-Content-Type-Options',
    'testssl:X-Frame-Options',
  ]);
});

test('a row of testssl.sh belongs to one section only', () => {
  const ids = [
    'TLS1',
    'SSLv2',
    'cipherlist_LOW',
    'PFS',
    'cert_keySize',
    'HSTS',
    'BEAST',
    'LOGJAM',
    'RC4',
    'BREACH',
  ];
  for (const id of ids)
    expect(
      TESTSSL_SECTIONS.filter((one) => one.ids.test(id)),
      id,
    ).toHaveLength(1);
});

test('what only lists asks, or what asks others than the server, is not said to be provable', () => {
  const spot = { transport: 'tcp', port: 443, locus: '' } as const;
  for (const check of [
    'testssl:cert_revocation',
    'testssl:DNS_CAArecord',
    'testssl:insecure_redirect',
    'sslscan:compression',
    'nmap-script:vulners',
    'nmap-script:http-shellshock',
    'wapiti:cross-site-scripting',
    'nuclei:some-template',
  ]) {
    expect(engineOfCheck(check)?.ability({ ...spot, check }), check).toBeNull();
  }
});

test('each script of nmap that is said to deny does so in a real file of a sound server, or is named here', async () => {
  const said = denied(await gather(await fixture('nmap/after.xml')));
  const unseen = [...NMAP_SCRIPTS.keys()].filter((script) => !said.has(`nmap-script:${script}`));
  expect(unseen).toEqual([
    'tls-ticketbleed', // tests/story/engines.test.ts
    'http-vuln-cve2011-3192', // tests/story/engines.test.ts
    'http-vuln-cve2015-1635', // tests/story/engines.test.ts
    'ssh2-enum-algos', // packages/scans/src/nmap/read.test.ts
    'smb-vuln-ms17-010', // no machine to try it on; the same tables as all others
  ]);
});
