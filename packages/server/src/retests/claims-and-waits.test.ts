import { FindingRetests, FixClaim, RetestList } from '@backcheck/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { authorized } from '../testing/authorize.ts';
import { at, outcomesOf, post, RetestLab, WEAK } from '../testing/retest-lab.ts';

let lab: RetestLab;
beforeAll(async () => {
  lab = await RetestLab.open();
  await authorized(lab.running, lab.organizationId);
  for (const last of [62, 63, 64]) await lab.importScan(at(WEAK, `192.0.2.${last}`));
});

describe('what a retest waits for', () => {
  it('is its window, then a runner', async () => {
    const weekday = new Date().getUTCDay() || 7;
    const elsewhere = await lab.running.organization('With hours');
    const days = [((weekday + 1) % 7) + 1];
    await authorized(lab.running, elsewhere, {
      windows: [{ days, from: '10:00', until: '11:00' }],
      timeZone: 'UTC',
    });
    await lab.importScan(at(WEAK, '192.0.2.67'), elsewhere);
    const finding = await lab.findingOf('192.0.2.67', 'sslscan:tls1.0', elsewhere);
    const ordered = await lab.ask([finding], lab.running);
    expect(ordered).toMatchObject({ origin: 'order', waitingFor: 'window' });
    expect(ordered.startsAt).toMatch(/T10:00:00\.000Z$/);
    expect(ordered.tasks[0]).toMatchObject({ state: 'waiting' });
    const listed = RetestList.parse(
      (await lab.running.get(`/api/v1/retests?organizationId=${elsewhere}`)).json(),
    );
    expect(listed.items).toMatchObject([
      { id: ordered.id, waitingFor: 'window', startsAt: ordered.startsAt },
    ]);
    const inspected = await lab.running.visitor('Inspected', [
      { role: 'liaison', organizationId: Number(elsewhere) },
    ]);
    expect((await post(inspected, `/retests/${ordered.id}/stop`)).json().code).toBe('FORBIDDEN');
    const own = await lab.ask([await lab.findingOf('192.0.2.64', 'sslscan:tls1.0')]);
    await lab.running.parts.widePool.query(`update runner set seen_at = now() - interval '1 minute'`);
    expect((await lab.read(own)).waitingFor).toBe('runner');
  });

  it('ends when the authorization is revoked', async () => {
    const elsewhere = await lab.running.organization('Revoking');
    const paper = await authorized(lab.running, elsewhere);
    await lab.importScan(at(WEAK, '192.0.2.68'), elsewhere);
    const finding = await lab.findingOf('192.0.2.68', 'sslscan:tls1.0', elsewhere);
    const asked = await lab.ask([finding], lab.running);
    await post(lab.running, `/authorizations/${paper.id}/revoke`);
    const done = await lab.ended(asked);
    expect(done.state).toBe('done');
    expect(outcomesOf(done)).toEqual([['sslscan:tls1.0', 'inconclusive', 'NOT_AUTHORIZED']]);
  });
});

describe('a claim that something is fixed', () => {
  let claim: FixClaim;

  it('is kept with all that the feedback form asks for, and closes nothing', async () => {
    const finding = await lab.findingOf('192.0.2.62', 'sslscan:tls1.0');
    const payload = {
      findingIds: [finding.id],
      cause: 'weak-protocol',
      measure: 'TLS 1.0 and 1.1 switched off',
      similar: { found: 3, fixed: 2 },
      fixedOn: '2026-11-20',
      fixedBy: 'network operations',
      answerable: 'the deputy director for information technology',
      residualRisk: 'Two devices speak TLS 1.0 until spring',
    };
    const headers = { 'idempotency-key': 'claim once' };
    const answer = await post(lab.liaison, '/fix-claims', payload, headers);
    expect(answer.statusCode).toBe(201);
    claim = FixClaim.parse(answer.json());
    expect(claim).toMatchObject({
      ...payload,
      organizationId: lab.organizationId,
      claimedBy: { name: 'Liaison Wang' },
      evidence: [],
    });
    expect((await post(lab.liaison, '/fix-claims', payload, headers)).json().id).toBe(claim.id);
    const more = { ...payload, similar: { found: 1, fixed: 2 } };
    expect((await post(lab.liaison, '/fix-claims', more)).json().code).toBe('REQUEST_INVALID');
    expect(await lab.findingOf('192.0.2.62', 'sslscan:tls1.0')).toMatchObject({
      state: 'open',
      overlay: 'claimed',
    });
    const { events } = (await lab.running.get(`/api/v1/findings/${finding.id}/history`)).json();
    expect(events.filter(({ kind }: { kind: string }) => kind === 'decision')).toHaveLength(1);
  });

  it('takes evidence of any kind, and gives it to be saved only', async () => {
    const payload = new FormData();
    // what turns the direction of text would show the name as "photo <1>lmth.…"
    payload.set('file', new Blob(['<script>alert(1)</script>']), 'photo <1>\u202e.html');
    const added = await lab.liaison.send({
      method: 'POST',
      url: `/api/v1/fix-claims/${claim.id}/evidence`,
      payload,
    });
    expect(FixClaim.parse(added.json()).evidence).toMatchObject([
      { no: 1, fileName: 'photo <1>.html', sizeBytes: 25 },
    ]);
    const file = await lab.liaison.get(`/api/v1/fix-claims/${claim.id}/evidence/1`);
    expect(file.body).toBe('<script>alert(1)</script>');
    expect(file.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-disposition': "attachment; filename*=UTF-8''photo%20%3C1%3E.html",
    });
    expect((await lab.liaison.get(`/api/v1/fix-claims/${claim.id}/evidence/2`)).statusCode).toBe(404);
  });

  it('numbers files that arrive at the same moment each by itself', async () => {
    const send = (name: string) => {
      const payload = new FormData();
      payload.set('file', new Blob([name]), name);
      return lab.liaison.send({ method: 'POST', url: `/api/v1/fix-claims/${claim.id}/evidence`, payload });
    };
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(send));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201, 201, 201]);
    const { evidence } = FixClaim.parse((await lab.liaison.get(`/api/v1/fix-claims/${claim.id}`)).json());
    expect(evidence.map(({ no }) => no)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('stands with the retests of the finding, whose waiting is booked to the coordinator', async () => {
    const finding = await lab.findingOf('192.0.2.62', 'sslscan:tls1.0');
    const asked = await lab.ask([finding]);
    await lab.runner.fail(await lab.taskAt('192.0.2.62'), 'BLOCKED');
    await lab.ended(asked);
    const answer = FindingRetests.parse(
      (await lab.liaison.get(`/api/v1/findings/${finding.id}/retests`)).json(),
    );
    expect(answer.claims.map(({ id }) => id)).toEqual([claim.id]);
    expect(answer.retests).toMatchObject([
      { state: 'done', result: { outcome: 'inconclusive', reason: 'BLOCKED' } },
    ]);
    expect(answer.coordinatorSeconds).toBeGreaterThanOrEqual(0);
  });
});

it('a claim no longer stands once a scan saw the finding again', async () => {
  const finding = await lab.findingOf('192.0.2.62', 'sslscan:tls1.0');
  const asked = await lab.ask([finding]);
  await lab.runner.deliver(await lab.taskAt('192.0.2.62'), at(WEAK, '192.0.2.62'));
  await lab.ended(asked);
  expect(await lab.findingOf('192.0.2.62', 'sslscan:tls1.0')).toMatchObject({ state: 'open', overlay: null });
});

describe('who has one system only', () => {
  it('claims and asks for what is in it, and sees what they asked for', async () => {
    const system = (
      await post(lab.running, '/systems', {
        organizationId: lab.organizationId,
        fields: {
          systemCode: 'S-1',
          name: 'Portal',
          mlpsLevel: '3',
          ownerPerson: 'Li',
          ownerPhone: '13800000000',
        },
      })
    ).json();
    const finding = await lab.findingOf('192.0.2.63', 'sslscan:tls1.0');
    const beside = await lab.findingOf('192.0.2.62', 'sslscan:tls1.0');
    await lab.running.parts.widePool.query('update asset set system_id = $1 where asset_id = $2', [
      system.id,
      finding.asset.id,
    ]);
    const owner = await lab.running.visitor('Owner', [
      { role: 'system-owner', organizationId: Number(lab.organizationId), systemId: Number(system.id) },
    ]);
    await lab.runner.seen();
    const claimed = await post(owner, '/fix-claims', {
      findingIds: [finding.id],
      cause: 'other',
      measure: 'done',
    });
    expect([claimed.statusCode, claimed.body]).toEqual([201, expect.anything()]);
    const asked = await post(owner, '/retests', { findingIds: [finding.id], fixClaimId: claimed.json().id });
    expect([asked.statusCode, asked.body]).toEqual([201, expect.anything()]);
    expect((await owner.get('/api/v1/retests')).json().items.map(({ id }: { id: string }) => id)).toEqual([
      asked.json().id,
    ]);
    expect(asked.json().findings).toHaveLength(1);
    expect((await post(owner, '/retests', { findingIds: [beside.id] })).statusCode).toBe(404);
    expect((await owner.get(`/api/v1/findings/${beside.id}/retests`)).statusCode).toBe(404);
  });
});
