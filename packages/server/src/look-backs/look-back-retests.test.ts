import { LookBackFindingList, LookBackList } from '@backcheck/contract';
import type { RetestOutcome } from '@backcheck/core';
import {
  endRetest,
  insertRetest,
  insertRetestFindings,
  inTransaction,
  lookBackToRequest,
  nextPending,
  noteAllRequested,
  noteRetest,
} from '@backcheck/db';
import { beforeAll, describe, expect, test } from 'vitest';
import { CityOfLakes } from './city-of-lakes.fixture.ts';
import { closeFindings } from './closed-findings.fixture.ts';
import { requestLookBack } from './tasks.ts';

let lakes: CityOfLakes;
beforeAll(async () => {
  lakes = await CityOfLakes.build();
});

describe('the retests of a look-back', () => {
  /** Ends the retests of what was drawn as they would end with these outcomes, in the order of the finding's ids. */
  async function endWith(id: string, outcomes: readonly RetestOutcome[]): Promise<void> {
    let at = 0;
    await inTransaction(lakes.running.parts.widePool, async (tx) => {
      const { startedBy } = (await lookBackToRequest(tx, id)) ?? { startedBy: 0 };
      for (;;) {
        const batch = await nextPending(tx, id, 500);
        if (batch === null) break;
        const requestedAt = '2026-06-01T00:00:00.000Z';
        const common = { fixClaimId: null, note: null, idempotencyKey: null, requestSha256: null };
        const retestId = await insertRetest(tx, {
          ...common,
          organizationId: batch.organizationId,
          origin: 'look-back',
          lookBackId: id,
          priority: 50,
          requestedBy: startedBy,
          requestedAt,
        });
        if (retestId === null) throw new Error('there is such a retest already');
        const key = { organizationId: batch.organizationId, retestId };
        const { rows } = await tx.query<{ id: string; asset: string }>(
          'select finding_id as id, asset_id as asset from finding where finding_id = any ($1::bigint[]) order by 1',
          [batch.findingIds],
        );
        await insertRetestFindings(
          tx,
          key,
          rows.map((row) => ({ findingId: row.id, assetId: row.asset, unprovable: null })),
        );
        await endRetest(tx, key, {
          at: new Date('2026-06-02T00:00:00Z'),
          stoppedBy: null,
          outcomes: rows.map((row) => {
            const outcome = outcomes[at++] ?? 'proven';
            const reason = outcome === 'inconclusive' ? 'BLOCKED' : null;
            return { askedId: row.id, outcome, reason, scanId: null, certificateId: null };
          }),
        });
        await noteRetest(tx, id, { ...batch, retestId });
      }
      await noteAllRequested(tx, id, new Date('2026-06-01T00:00:00Z'));
    });
  }

  test('give the share that came back, with its interval, and what came back first', async () => {
    const one = await lakes.drawn({
      rule: { severities: ['high'], closedUntil: '2026-03-03T00:00:00Z' },
      strata: 'none',
    });
    await lakes.post(`/${one.id}/start`);
    await endWith(one.id, ['still-present', 'proven', 'inconclusive', 'still-present']);
    const ended = await lakes.detail(one.id);
    expect(ended).toMatchObject({ state: 'done', finishedAt: '2026-06-02T00:00:00.000Z' });
    expect(ended.report).toMatchObject({
      population: 12,
      drawn: 10,
      proven: 7,
      regressed: 2,
      inconclusive: 1,
      waiting: 0,
      regressionRate: 2 / 9,
      worstCase: 0.3,
    });
    expect(ended.report?.low).toBeLessThan(2 / 9);
    expect(ended.report?.high).toBeGreaterThan(2 / 9);
    const found = await lakes.findingsOf(one.id);
    expect(found.slice(0, 4).map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['still-present', null],
      ['still-present', null],
      ['inconclusive', 'BLOCKED'],
      ['proven', null],
    ]);
    expect(found[0]).toMatchObject({
      organization: { id: lakes.hospital },
      title: 'Weak TLS is offered',
      asset: expect.stringMatching(/^198\.51\.100\./),
      port: 443,
      superseded: false,
    });
  });

  test('are read page by page without a gap', async () => {
    const one = await lakes.drawn({ sample: null, strata: 'organization' });
    await lakes.post(`/${one.id}/start`);
    await endWith(one.id, ['proven', 'still-present', 'inconclusive']);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = LookBackFindingList.parse(
        (await lakes.running.get(`/api/v1/look-backs/${one.id}/findings?limit=4${query}`)).json(),
      );
      seen.push(...page.items.map(({ findingId }) => findingId));
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(one.report?.drawn ?? 0);
    expect((await lakes.detail(one.id)).strataCounts.map(({ organization }) => organization?.name)).toEqual([
      'Hospital',
      'School',
    ]);
    expect((await lakes.running.get(`/api/v1/look-backs/${one.id}/findings?cursor=x`)).json().code).toBe(
      'CURSOR_INVALID',
    );
  });

  test('are asked for by organization, each finding once, also when the process dies between two of them', async () => {
    const one = await lakes.drawn({ sample: null, strata: 'organization' });
    await lakes.post(`/${one.id}/start`);
    let batches = 0;
    const log = Object.create(lakes.running.parts.log, {
      info: {
        value: () => {
          batches += 1;
          if (batches === 2) throw new Error('killed');
        },
      },
    });
    await expect(requestLookBack({ ...lakes.running.parts, log }, one.id)).rejects.toThrow('killed');
    const half = await lakes.detail(one.id);
    expect(half.state).toBe('running');
    expect(half.report?.waiting).toBeGreaterThan(0);
    await requestLookBack(lakes.running.parts, one.id);
    await requestLookBack(lakes.running.parts, one.id);
    const { rows } = await lakes.running.parts.widePool.query<{
      retests: number;
      asked: number;
      distinct: number;
    }>(
      `select count(distinct retest_id)::int as retests, count(*)::int as asked, count(distinct finding_id)::int as distinct
       from retest_finding join retest using (organization_id, retest_id) where look_back_id = $1 and origin = 'look-back' and priority = 50`,
      [one.id],
    );
    const asked = one.report?.drawn ?? 0;
    expect(rows).toEqual([{ retests: 2, asked, distinct: asked }]);
    // no engine can prove what an invented tool found: said at once, and no rate is made of it
    const ended = await lakes.detail(one.id);
    expect(ended.state).toBe('done');
    expect(ended.report).toMatchObject({
      inconclusive: asked,
      regressionRate: null,
      low: null,
      high: null,
      worstCase: 1,
    });
    expect((await lakes.findingsOf(one.id))[0]).toMatchObject({
      outcome: 'inconclusive',
      reason: 'NO_ENGINE',
    });
  });

  test('know nothing of what was handed over between the draw and the start, and say so', async () => {
    await closeFindings(lakes.running, {
      organizationId: lakes.school,
      severity: 'critical',
      addresses: ['203.0.113.90'],
      at: '2026-04-02T10:00:00.000Z',
    });
    const one = await lakes.drawn({ rule: { closedFrom: '2026-04-01T00:00:00Z' }, strata: 'none' });
    const [finding] = await lakes.findingsOf(one.id);
    const asset = (await lakes.running.get(`/api/v1/findings/${finding?.findingId}`)).json().asset.id;
    const handed = await lakes.running.send({
      method: 'POST',
      url: `/api/v1/assets/${asset}/hand-over`,
      payload: { organizationId: lakes.hospital, note: 'Theirs' },
    });
    expect(handed.statusCode).toBeLessThan(300);
    await lakes.post(`/${one.id}/start`);
    await requestLookBack(lakes.running.parts, one.id);
    expect(await lakes.detail(one.id)).toMatchObject({
      state: 'done',
      report: { inconclusive: 1, waiting: 0 },
    });
    expect(await lakes.findingsOf(one.id)).toEqual([
      expect.objectContaining({ outcome: 'inconclusive', reason: null, retestId: null, superseded: true }),
    ]);
  });
});

describe('who sees a look-back', () => {
  const manager = (name: string, limits: object) =>
    lakes.running.visitor(name, [{ role: 'campaign-manager', ...limits }]);

  test('is who sees all that is below its node', async () => {
    const one = await lakes.drawn();
    const ofCity = await manager('of the city', { organizationId: Number(lakes.city) });
    const ofHospital = await manager('of the hospital', { organizationId: Number(lakes.hospital) });
    expect((await ofCity.get(`/api/v1/look-backs/${one.id}`)).statusCode).toBe(200);
    for (const path of ['', '/findings', '/population'])
      expect((await ofHospital.get(`/api/v1/look-backs/${one.id}${path}`)).statusCode).toBe(404);
    for (const step of ['draw', 'start'])
      expect(
        (await ofHospital.send({ method: 'POST', url: `/api/v1/look-backs/${one.id}/${step}` })).statusCode,
      ).toBe(404);
    const listed = LookBackList.parse((await ofHospital.get('/api/v1/look-backs')).json());
    expect(listed.items).toEqual([]);
    const all = LookBackList.parse((await ofCity.get('/api/v1/look-backs?limit=200')).json());
    expect(all.items.every(({ organizationId }) => organizationId === lakes.city)).toBe(true);
    expect(all.items.map(({ id }) => id)).toContain(one.id);
  });

  test('publishes for nothing that is not all theirs to see', async () => {
    const send = async (visitor: Awaited<ReturnType<typeof manager>>, organizationId?: string) =>
      (
        await visitor.send({
          method: 'POST',
          url: '/api/v1/look-backs',
          payload: lakes.plan({ organizationId }),
        })
      ).json().code;
    const ofHospital = await manager('of the hospital too', { organizationId: Number(lakes.hospital) });
    expect(await send(ofHospital, lakes.city)).toBe('ORGANIZATION_UNKNOWN');
    expect(await send(ofHospital)).toBe('ORGANIZATION_PARENT_NEEDED');
    const campaign = await lakes.running.send({
      method: 'POST',
      url: '/api/v1/campaigns',
      payload: { code: 'C-1', title: 'Part', units: [lakes.city, lakes.hospital] },
    });
    const cut = await manager('of a campaign', { campaignId: Number(campaign.json().id) });
    expect(await send(cut, lakes.city)).toBe('FORBIDDEN');
    const liaison = await lakes.running.visitor('a liaison', [
      { role: 'liaison', organizationId: Number(lakes.city) },
    ]);
    expect(await send(liaison, lakes.city)).toBe('FORBIDDEN');
  });
});
