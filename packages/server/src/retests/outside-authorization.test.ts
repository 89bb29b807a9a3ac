import { FindingList, Import } from '@backcheck/contract';
import type { Identifier } from '@backcheck/core';
import { beforeAll, expect, it } from 'vitest';
import { openPortScan } from '../../../../tests/support/open-port-scan.ts';
import { authorized } from '../testing/authorize.ts';
import { playRunner } from '../testing/play-runner.ts';
import { RunningApp } from '../testing/running-app.ts';

/** The paper lists 192.0.2.0/24 and all names below example.org; nothing of this is in it. */
const OUTSIDE: readonly Identifier[] = [
  ...[
    // other networks, and every kind of special address
    '198.51.100.7',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.1.2.3',
    '0.0.0.0',
    '255.255.255.255',
    '169.254.169.254',
    '169.254.1.1',
    '100.100.100.200',
    '224.0.0.1',
    '8.8.8.8',
    // the same in IPv6, and IPv4 carried inside of it
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    'ff02::1',
    '2001:db8::7',
    '::ffff:127.0.0.1',
    '::ffff:192.0.2.7',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ].map((value) => ({ kind: 'ip', value }) as const),
  ...[
    // names that are addresses in disguise: decimal, octal, hexadecimal, short
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '127.1',
    '3221225991',
    '0xc0000207',
    '192.0.519',
    // names that are not below example.org
    'localhost',
    'localhost.localdomain',
    'example.com',
    'example.org',
    'notexample.org',
    'www.example.org.attacker.example',
    'metadata.google.internal',
    '127.0.0.1.nip.io',
  ].map((value) => ({ kind: 'fqdn', value }) as const),
];

let running: RunningApp;
let organizationId: string;
beforeAll(async () => {
  running = await RunningApp.start();
  organizationId = await running.organization();
  await running.work();
});

it('a target outside of the authorization is refused in every form it is written in, and each attempt is logged', async () => {
  const runner = await playRunner(running, { tools: { backcheck: '0.1.0' } });
  await authorized(running, organizationId, { ranges: ['192.0.2.0/24'], names: ['*.example.org'] });
  const at = new Date(Date.now() - 3_600_000).toISOString();
  const inside = { kind: 'ip', value: '192.0.2.7' } as const;
  const file = openPortScan([...OUTSIDE, inside], { port: 8443, at });
  const { id } = Import.parse((await running.upload(file, { organizationId, confirm: 'true' })).json());
  expect((await running.settled(id)).problem).toBeNull();

  const list = FindingList.parse((await running.get('/api/v1/findings?limit=200')).json()).items;
  expect(list).toHaveLength(OUTSIDE.length + 1);
  const refused: string[] = [];
  for (const finding of list) {
    await runner.seen();
    const payload = { findingIds: [finding.id] };
    const answer = await running.send({ method: 'POST', url: '/api/v1/retests', payload });
    const target = finding.asset.identifiers[0]?.value ?? '';
    if (target === inside.value) expect(answer.statusCode).toBe(201);
    else {
      expect([target, answer.statusCode, answer.json().code]).toEqual([target, 422, 'NOT_AUTHORIZED']);
      refused.push(target);
    }
  }
  expect(refused.length).toBeGreaterThanOrEqual(30);

  const { items } = (await running.get('/api/v1/audit?object=retest&limit=200')).json();
  const logged = items
    .filter(({ details }: { details: { outcome?: string } }) => details.outcome === 'refused')
    .map(({ details }: { details: { targets: string } }) => details.targets);
  expect(logged.sort()).toEqual(refused.sort());
  expect((await runner.take()).map(({ host }) => host)).toEqual([inside.value]);
});
