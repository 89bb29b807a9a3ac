import { type Finding, FindingRetests, FixClaim } from '@backcheck/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { authorized } from '../testing/authorize.ts';
import { at, post, RetestLab, WEAK } from '../testing/retest-lab.ts';
import type { Visitor } from '../testing/running-app.ts';

let lab: RetestLab;
let leader: Visitor;
let finding: Finding;
beforeAll(async () => {
  lab = await RetestLab.open();
  await authorized(lab.running, lab.organizationId);
  const here = { organizationId: Number(lab.organizationId) };
  leader = await lab.running.visitor('Doctor Zhou', [{ role: 'security-lead', ...here }]);
  await lab.importScan(at(WEAK, '192.0.2.81'));
  finding = await lab.findingOf('192.0.2.81', 'sslscan:tls1.0');
});

type Sender = Pick<Visitor, 'send'>;
const claim = async (who: Sender): Promise<FixClaim> => {
  const body = { findingIds: [finding.id], cause: 'weak-protocol', measure: 'TLS 1.0 switched off' };
  return FixClaim.parse((await post(who, '/fix-claims', body)).json());
};
const sign = (who: Sender, { id }: Pick<FixClaim, 'id'>) => post(who, `/fix-claims/${id}/sign`);
const claims = async (who: Pick<Visitor, 'get'>) =>
  FindingRetests.parse((await who.get(`/api/v1/findings/${finding.id}/retests`)).json()).claims;

describe('a claim of fix', () => {
  let made: FixClaim;

  it('is not signed until the leader of the organization signs it, and nobody else does', async () => {
    made = await claim(lab.liaison);
    expect(made).toMatchObject({ signed: null, open: true });
    const lead = await lab.running.visitor('Director Li', [{ role: 'coordinator-lead' }]);
    const elsewhere = Number(await lab.running.organization('Elsewhere'));
    const stranger = await lab.running.visitor('A stranger', [
      { role: 'security-lead', organizationId: elsewhere },
    ]);
    const refusals = [];
    for (const who of [lab.liaison, lead, stranger]) refusals.push((await sign(who, made)).statusCode);
    expect(refusals).toEqual([403, 403, 404]);
    expect(await claims(lead)).toMatchObject([{ signed: null, open: true }]);
  });

  it('delays nothing while it is not signed: the retest is asked for and waits for its runner', async () => {
    const asked = await lab.ask([finding]);
    expect(asked.tasks).toMatchObject([{ state: 'waiting' }]);
  });

  it('is signed once, by name and time, for both sides and the audit log', async () => {
    const signed = FixClaim.parse((await sign(leader, made)).json());
    expect(signed).toMatchObject({ id: made.id, signed: { by: { name: 'Doctor Zhou' } }, open: true });
    // twice, as hands do
    expect((await sign(leader, made)).json()).toEqual(signed);
    expect(await claims(lab.running)).toEqual([signed]);
    const { events } = (await lab.liaison.get(`/api/v1/findings/${finding.id}/history`)).json();
    expect(events).toContainEqual({
      kind: 'claim-signed',
      at: signed.signed?.at,
      scan: null,
      by: 'Doctor Zhou',
    });
    const { items } = (await lab.running.get('/api/v1/audit?object=retest&limit=5')).json();
    const entries = items.filter(({ details }: { details: { operation: string } }) =>
      details.operation.endsWith('/sign'),
    );
    expect(entries[0]).toMatchObject({ account: { name: 'Doctor Zhou' }, details: { outcome: 'done' } });
  });

  it('of the leader is signed with that', async () => {
    expect(await claim(leader)).toMatchObject({ signed: { by: { name: 'Doctor Zhou' } } });
  });

  it('that a newer one or a scan has taken the place of is not signed any more', async () => {
    const older = await claim(lab.liaison);
    const newer = await claim(lab.liaison);
    expect((await sign(leader, older)).json().code).toBe('FIX_CLAIM_DECIDED');
    await lab.runner.deliver(await lab.taskAt('192.0.2.81'), at(WEAK, '192.0.2.81'));
    await expect.poll(async () => (await claims(lab.liaison))[0]?.open, { timeout: 30_000 }).toBe(false);
    expect((await sign(leader, newer)).json().code).toBe('FIX_CLAIM_DECIDED');
    expect((await claims(lab.liaison)).map(({ signed }) => signed?.by.name ?? null)).toEqual([
      null,
      null,
      'Doctor Zhou',
      'Doctor Zhou',
    ]);
  });
});
