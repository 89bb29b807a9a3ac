import { Finding, RetestDetail, RetestPlan } from '@backcheck/contract';
import { inTransaction } from '@backcheck/db';
import { beforeAll, describe, expect, it } from 'vitest';
import { authorized } from '../testing/authorize.ts';
import { at, FIXED, outcomesOf, post, RetestLab, recorded, WEAK } from '../testing/retest-lab.ts';
import { sarif } from '../testing/sarif.ts';
import { concludeRetest } from './conclude-retest.ts';

let lab: RetestLab;
beforeAll(async () => {
  lab = await RetestLab.open();
});

describe('asking for a retest', () => {
  it('is refused while nothing authorizes it, and the attempt is in the audit log with its targets', async () => {
    await lab.importScan(WEAK);
    const finding = await lab.findingOf('192.0.2.61', 'sslscan:tls1.0');
    const plan = RetestPlan.parse(
      (await post(lab.liaison, '/retests/plan', { findingIds: [finding.id] })).json(),
    );
    expect(plan).toEqual({
      tasks: [
        {
          engine: 'sslscan',
          method: 'tls',
          vantage: 'main',
          host: '192.0.2.61',
          findingIds: [finding.id],
          checks: ['sslscan:tls1.0'],
          authorizationId: null,
          startsAt: null,
        },
      ],
      unprovable: [],
    });
    const answer = await post(lab.liaison, '/retests', { findingIds: [finding.id] });
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'NOT_AUTHORIZED']);
    const { items } = (
      await lab.running.get(`/api/v1/audit?organizationId=${lab.organizationId}&object=retest`)
    ).json();
    expect(items[0]).toMatchObject({
      account: { name: 'Liaison Wang' },
      action: 'create',
      details: { outcome: 'refused', code: 'NOT_AUTHORIZED', targets: '192.0.2.61' },
    });
    expect((await lab.liaison.get(`/api/v1/findings/${finding.id}/retests`)).json().retests).toEqual([]);
  });

  it('names what would prove a finding that no engine here can, and ends at once with that', async () => {
    await authorized(lab.running, lab.organizationId);
    const sarifFinding = await houseFinding();
    const one = await lab.ask([sarifFinding]);
    expect(one).toMatchObject({ state: 'done', tasks: [], counts: { findings: 1, inconclusive: 1 } });
    expect(one.findings[0]).toMatchObject({ outcome: 'inconclusive', reason: 'NO_ENGINE' });
    expect(one.findings[0]?.wouldProve).not.toEqual([]);
  });

  it('refuses findings of two organizations, and findings that are not there', async () => {
    const other = await lab.running.organization('The other');
    await lab.importScan(at(WEAK, '192.0.2.99'), other);
    const { items } = (await lab.running.get(`/api/v1/findings?organizationId=${other}`)).json();
    const own = await lab.findingOf('192.0.2.61', 'sslscan:tls1.0');
    const both = { findingIds: [own.id, items[0].id] };
    expect((await post(lab.running, '/retests', both)).json().code).toBe('FINDINGS_OF_SEVERAL');
    expect(
      (await post(lab.running, '/fix-claims', { ...both, cause: 'other', measure: 'x' })).json().code,
    ).toBe('FINDINGS_OF_SEVERAL');
    expect((await post(lab.liaison, '/retests', both)).json().code).toBe('NOT_FOUND');
    expect((await post(lab.liaison, '/retests/plan', { findingIds: ['999999'] })).json().code).toBe(
      'NOT_FOUND',
    );
  });

  it('sent again with the same Idempotency-Key asks once', async () => {
    const finding = await lab.findingOf('192.0.2.61', 'sslscan:tls1.0');
    const headers = { 'idempotency-key': 'once' };
    await lab.runner.seen();
    const first = RetestDetail.parse(
      (await post(lab.liaison, '/retests', { findingIds: [finding.id] }, headers)).json(),
    );
    const second = await post(lab.liaison, '/retests', { findingIds: [finding.id] }, headers);
    expect(second.json().id).toBe(first.id);
    const third = await post(lab.liaison, '/retests', { findingIds: [finding.id], note: 'x' }, headers);
    expect(third.json().code).toBe('IDEMPOTENCY_KEY_REUSED');
    await post(lab.liaison, `/retests/${first.id}/stop`);
  });
});

async function houseFinding(): Promise<Finding> {
  await lab.importScan(sarif(['R1'], '2026-01-01T10:00:00Z'));
  const { items } = (await lab.running.get('/api/v1/findings?check=examplescan:R1')).json();
  return Finding.parse(items[0]);
}

describe('the outcome of a retest', () => {
  it('is proven with a certificate where its scan covers and is clean, and still present for the rest', async () => {
    const [tls, certificate] = [
      await lab.findingOf('192.0.2.61', 'sslscan:tls1.0'),
      await lab.findingOf('192.0.2.61', 'sslscan:certificate-self-signed'),
    ];
    const asked = await lab.ask([tls, certificate]);
    expect(asked).toMatchObject({ origin: 'request', state: 'waiting', waitingFor: 'turn', startsAt: null });
    expect(asked.tasks).toMatchObject([
      { engine: 'sslscan', host: '192.0.2.61', state: 'waiting', attempts: 0 },
    ]);
    const task = await lab.taskAt('192.0.2.61');
    expect((await lab.read(asked)).tasks[0]).toMatchObject({
      state: 'running',
      attempts: 1,
      runner: 'played in main',
    });
    expect(await lab.runner.deliver(task, FIXED)).toEqual({ kind: 'accepted' });
    const done = await lab.ended(asked);
    expect(done).toMatchObject({
      state: 'done',
      counts: { findings: 2, proven: 1, stillPresent: 1, inconclusive: 0 },
    });
    expect(new Set(outcomesOf(done))).toEqual(
      new Set([
        ['sslscan:tls1.0', 'proven', null],
        ['sslscan:certificate-self-signed', 'still-present', null],
      ]),
    );
    const proven = done.findings.find(({ outcome }) => outcome === 'proven');
    const closed = await lab.findingOf('192.0.2.61', 'sslscan:tls1.0');
    expect(closed.state).toBe('verified-fixed');
    expect(proven).toMatchObject({ certificateId: closed.certificateId, importId: done.tasks[0]?.importId });
    expect(done.tasks[0]).toMatchObject({ state: 'done', address: '192.0.2.61', reason: null });
  });

  it('is proven again by a later run that gives the very same bytes', async () => {
    const finding = await lab.findingOf('192.0.2.61', 'sslscan:tls1.0');
    const before = finding.certificateId;
    const asked = await lab.ask([finding]);
    await lab.runner.deliver(await lab.taskAt('192.0.2.61'), FIXED);
    const done = await lab.ended(asked);
    expect(outcomesOf(done)).toEqual([['sslscan:tls1.0', 'proven', null]]);
    expect(done.findings[0]).toMatchObject({ certificateId: before, importId: done.tasks[0]?.importId });
  });

  it('is still present where it is seen again, also in a file of the very same bytes', async () => {
    await lab.importScan(at(WEAK, '192.0.2.62'));
    const finding = await lab.findingOf('192.0.2.62', 'sslscan:tls1.0');
    const asked = await lab.ask([finding]);
    await lab.runner.deliver(await lab.taskAt('192.0.2.62'), at(WEAK, '192.0.2.62'));
    expect(outcomesOf(await lab.ended(asked))).toEqual([['sslscan:tls1.0', 'still-present', null]]);
    expect((await lab.findingOf('192.0.2.62', 'sslscan:tls1.0')).state).toBe('open');
  });

  it('is inconclusive where the scanner is blocked, and nothing is closed', async () => {
    await lab.importScan(at(WEAK, '192.0.2.63'));
    const finding = await lab.findingOf('192.0.2.63', 'sslscan:tls1.0');
    const asked = await lab.ask([finding]);
    await lab.runner.fail(await lab.taskAt('192.0.2.63'), 'BLOCKED');
    const done = await lab.ended(asked);
    expect(outcomesOf(done)).toEqual([['sslscan:tls1.0', 'inconclusive', 'BLOCKED']]);
    expect(done.tasks[0]).toMatchObject({ state: 'failed', reason: 'BLOCKED' });
    expect((await lab.findingOf('192.0.2.63', 'sslscan:tls1.0')).state).toBe('open');
  });

  it('is inconclusive where the file of the tool cannot be read', async () => {
    await lab.importScan(at(WEAK, '192.0.2.64'));
    const asked = await lab.ask([await lab.findingOf('192.0.2.64', 'sslscan:tls1.0')]);
    await lab.runner.deliver(await lab.taskAt('192.0.2.64'), 'no scan at all');
    const done = await lab.ended(asked);
    expect(outcomesOf(done)).toEqual([['sslscan:tls1.0', 'inconclusive', 'TOOL_FAILED']]);
    expect(done.tasks[0]).toMatchObject({ state: 'failed', detail: 'SCAN_UNKNOWN_FORMAT' });
  });

  it('is concluded once by any number of conclusions at the same moment', async () => {
    const asked = await lab.ask([await lab.findingOf('192.0.2.63', 'sslscan:tls1.0')]);
    await lab.runner.fail(await lab.taskAt('192.0.2.63'), 'NO_HOST');
    const key = { organizationId: Number(lab.organizationId), retestId: asked.id };
    const now = new Date();
    await Promise.all(
      Array.from({ length: 6 }, () =>
        inTransaction(lab.running.parts.widePool, (tx) => concludeRetest(tx, key, now)),
      ),
    );
    const done = await lab.ended(asked);
    expect(outcomesOf(done)).toEqual([['sslscan:tls1.0', 'inconclusive', 'NO_HOST']]);
  });

  it('is inconclusive for what a stopped retest had not found out, and it ends once', async () => {
    await lab.importScan(at(WEAK, '192.0.2.65'));
    const finding = await lab.findingOf('192.0.2.65', 'sslscan:tls1.0');
    const asked = await lab.ask([finding]);
    const task = await lab.taskAt('192.0.2.65');
    const stopped = RetestDetail.parse((await post(lab.liaison, `/retests/${asked.id}/stop`)).json());
    expect(stopped).toMatchObject({ state: 'stopped', waitingFor: null });
    expect(outcomesOf(stopped)).toEqual([['sslscan:tls1.0', 'inconclusive', 'STOPPED']]);
    expect((await post(lab.liaison, `/retests/${asked.id}/stop`)).json().code).toBe('RETEST_ENDED');
    // what the runner had found by then is true all the same, and the retest stays as it ended
    await lab.runner.deliver(task, at(FIXED, '192.0.2.65'));
    for (let tries = 0; tries < 200 && (await lab.read(asked)).tasks[0]?.state === 'delivered'; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const after = await lab.read(asked);
    expect(after.finishedAt).toBe(stopped.finishedAt);
    expect(outcomesOf(after)).toEqual(outcomesOf(stopped));
  });

  it('is proven by an equivalent check of another tool only where the organization lets it', async () => {
    await lab.importScan(await recorded('hospital/round-1-portal-testssl', 'json'));
    const finding = await lab.findingOf('192.0.2.11', 'testssl:TLS1');
    const alone = await lab.ask([finding]);
    expect(outcomesOf(alone)).toEqual([['testssl:TLS1', 'inconclusive', 'TOOL_MISSING']]);
    await lab.running.send({
      method: 'PATCH',
      url: `/api/v1/organizations/${lab.organizationId}`,
      payload: { crossTool: true },
    });
    const asked = await lab.ask([finding]);
    expect(asked.tasks).toMatchObject([
      { engine: 'sslscan', checks: ['sslscan:tls1.0'], host: '192.0.2.11' },
    ]);
    await lab.runner.deliver(await lab.taskAt('192.0.2.11'), at(WEAK, '192.0.2.11'));
    expect(outcomesOf(await lab.ended(asked))).toEqual([['testssl:TLS1', 'still-present', null]]);
    const again = await lab.ask([finding]);
    await lab.runner.deliver(await lab.taskAt('192.0.2.11'), at(FIXED, '192.0.2.11'));
    expect(outcomesOf(await lab.ended(again))).toEqual([['testssl:TLS1', 'proven', null]]);
  });
});
