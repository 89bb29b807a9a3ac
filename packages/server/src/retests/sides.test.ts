import { RetestDetail } from '@backcheck/contract';
import { inTransaction } from '@backcheck/db';
import { beforeAll, expect, it } from 'vitest';
import { authorized } from '../testing/authorize.ts';
import { at, post, RetestLab, WEAK } from '../testing/retest-lab.ts';
import { PRIORITY, requestRetest } from './request-retest.ts';

let lab: RetestLab;
beforeAll(async () => {
  lab = await RetestLab.open();
  await authorized(lab.running, lab.organizationId);
});

it('who is inspected here does not stop a look-back because they inspect elsewhere', async () => {
  await lab.importScan(at(WEAK, '192.0.2.71'));
  const finding = await lab.findingOf('192.0.2.71', 'sslscan:tls1.0');
  const { parts } = lab.running;
  await lab.runner.seen();
  const { retestId } = await inTransaction(parts.widePool, (tx) =>
    requestRetest(tx, parts, {
      organizationId: Number(lab.organizationId),
      findingIds: [finding.id],
      origin: 'look-back',
      requestedBy: lab.liaison.accountId,
      priority: PRIORITY.lookBack,
      note: null,
      fixClaimId: null,
      lookBackId: null,
      now: parts.clock(),
    }),
  );
  const elsewhere = await lab.running.organization('Elsewhere');
  const both = await lab.running.visitor('On both sides', [
    { role: 'liaison', organizationId: Number(lab.organizationId) },
    { role: 'inspector', organizationId: Number(elsewhere) },
  ]);
  const stopped = await post(both, `/retests/${retestId}/stop`);
  expect([stopped.statusCode, stopped.json().code]).toEqual([403, 'FORBIDDEN']);
  expect((await lab.read({ id: retestId })).finishedAt).toBeNull();
});

it('a retest asked for here is a request of the organization, whatever its asker is elsewhere', async () => {
  await lab.importScan(at(WEAK, '192.0.2.72'));
  const finding = await lab.findingOf('192.0.2.72', 'sslscan:tls1.0');
  const elsewhere = await lab.running.organization('Farther');
  const both = await lab.running.visitor('On two sides', [
    { role: 'liaison', organizationId: Number(lab.organizationId) },
    { role: 'finding-analyst', organizationId: Number(elsewhere) },
  ]);
  expect((await lab.ask([finding], both)).origin).toBe('request');
});

it('a request of which a part is not authorized is logged with the targets that were refused', async () => {
  await lab.importScan(at(WEAK, '192.0.2.73'));
  await lab.importScan(at(WEAK, '198.51.100.73'));
  const findings = [
    await lab.findingOf('192.0.2.73', 'sslscan:tls1.0'),
    await lab.findingOf('198.51.100.73', 'sslscan:tls1.0'),
  ];
  const { id } = RetestDetail.parse(await lab.ask(findings));
  const { items } = (await lab.running.get('/api/v1/audit?object=retest&limit=10')).json();
  const entry = items.find(({ objectId }: { objectId: string }) => objectId === id);
  expect(entry.details).toMatchObject({ outcome: 'done', refusedTargets: '198.51.100.73' });
});
