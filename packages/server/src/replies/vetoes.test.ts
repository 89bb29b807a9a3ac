import { Finding, Import } from '@backcheck/contract';
import { beforeAll, expect, test } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { inDays, ReplyLab } from './replies.fixture.ts';

let lab: ReplyLab;
beforeAll(async () => {
  lab = await ReplyLab.open();
});

interface Seen {
  readonly address: string;
  readonly check: string;
  readonly cve?: readonly string[];
}

/** A finding as the tool of this check reports it. */
async function seen({ address, check, cve = [] }: Seen): Promise<Finding> {
  const file = houseScan({ at: inDays(-1), assets: [[{ kind: 'ip', value: address }]], present: true })
    .replaceAll('house-audit:weak-tls', check)
    .replace('"cve":[]', `"cve":${JSON.stringify(cve)}`);
  const fields = { organizationId: lab.organizationId, confirm: 'true' };
  const { id } = Import.parse((await lab.running.upload(file, fields)).json());
  expect((await lab.running.settled(id)).problem).toBeNull();
  const query = new URLSearchParams({ organizationId: lab.organizationId, asset: address });
  const { items } = (await lab.running.get(`/api/v1/findings?${query}`)).json();
  const found = Finding.array()
    .parse(items)
    .find((one) => one.check === check);
  if (found === undefined) throw new Error(`no finding of ${check}`);
  await lab.dueOf(found);
  return found;
}

const veto = async (check: string, reason: string) => {
  const payload = { organizationId: lab.organizationId, check, reason };
  const answer = await lab.lead.send({ method: 'POST', url: '/api/v1/vetoed-checks', payload });
  expect(answer.statusCode).toBe(201);
  return answer.json();
};

const bear = (finding: Finding) =>
  lab.reply(lab.securityLead, finding, {
    kind: 'acceptance',
    text: 'Needed for old machines',
    control: 'Behind a filter',
    until: inDays(10),
  });

test('a veto holds for what another tool calls the same weakness, and names the check that it was set for', async () => {
  await veto('nessus:20007', 'SSL 3.0 is off everywhere');
  const same = await seen({ address: '192.0.2.101', check: 'testssl:SSLv3' });
  await expect(bear(same)).rejects.toThrow('SSL 3.0 is off everywhere (nessus:20007)');
  const other = await seen({ address: '192.0.2.102', check: 'testssl:TLS1' });
  await bear(other);
});

test('a veto holds for every finding of a CVE, whatever the tool', async () => {
  expect((await veto(' cve-2021-44228', 'Log4Shell is never borne')).check).toBe('CVE-2021-44228');
  const cve = ['CVE-2021-45046', 'CVE-2021-44228'];
  await expect(bear(await seen({ address: '192.0.2.103', check: 'scanner-a:1', cve }))).rejects.toThrow(
    'Log4Shell is never borne',
  );
  await bear(await seen({ address: '192.0.2.104', check: 'scanner-a:2', cve: ['CVE-2021-45046'] }));
});

test('a veto holds for the findings of its problem: another tool found the same CVE at the same service', async () => {
  await veto('scanner-b:7', 'Mail is patched at once');
  const cve = ['CVE-2025-1111'];
  const alone = await seen({ address: '192.0.2.105', check: 'scanner-c:7', cve });
  await bear(alone);
  await seen({ address: '192.0.2.106', check: 'scanner-b:7', cve });
  const beside = await seen({ address: '192.0.2.106', check: 'scanner-c:7', cve });
  await expect(bear(beside)).rejects.toThrow('Mail is patched at once');
});
