import { ESCALATION_STEPS } from '@backcheck/core';
import { inTransaction, movedLadders } from '@backcheck/db';
import { fc } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { CRITICAL_DUE, ISSUED, LadderOffice, LOW_DUE, type Place } from './ladder-office.fixture.ts';
import { planLadder } from './plan-ladder.ts';

let stage: LadderOffice;

beforeAll(async () => {
  stage = await LadderOffice.open();
});
afterAll(() => stage.stop());

/** Step, day of the date and state of each rung. */
const rungs = async (id: string): Promise<string[]> =>
  (await stage.rungs(id)).map(({ step, dueAt, state }) => `${step} ${dueAt.slice(0, 10)} ${state}`);

async function dismiss(id: string, rung: string): Promise<void> {
  const answer = await stage.office.writer.send({
    method: 'POST',
    url: `/api/v1/notices/${id}/escalations/${rung}/dismiss`,
    payload: { reason: 'Called them' },
  });
  expect(answer.statusCode).toBe(204);
}

describe('a notice whose findings have different dates', () => {
  /** One is due on 5 March, the other one on 14 April. */
  async function twoDates() {
    const here = await stage.place();
    const [critical, low] = await stage.findings(here, ['critical', 'low']);
    return { here, critical, low, id: await stage.issue(here, { findingIds: [`${critical}`, `${low}`] }) };
  }
  /** A later scan finds the first one gone. */
  async function prove({ organizationId }: Place): Promise<void> {
    const assets = [[{ kind: 'ip' as const, value: '192.0.2.1' }]];
    const file = houseScan({ at: '2026-03-04T08:00:00Z', assets, present: false });
    const sent = await stage.running.upload(file, { organizationId, confirm: 'true' });
    expect((await stage.running.settled(sent.json().id)).state).toBe('done');
  }
  const papers = async (id: string, step: string): Promise<(string[] | undefined)[]> => {
    const proposed = (await stage.rungs(id)).filter((one) => one.step === step && one.state === 'proposed');
    return Promise.all(proposed.map((one) => stage.namedBy(one)));
  };

  it('has a ladder for each date, and each finding gets each rung once', async () => {
    const { here, critical, low, id } = await twoDates();
    expect(await rungs(id)).toHaveLength(14);
    for (const day of ['03-07', '03-20', '03-24', '04-08', '04-16', '04-16', '05-30', '05-30'])
      await stage.climb(`2026-${day}T02:00:00Z`);
    expect(await rungs(id)).toEqual([
      ...['remind', 'remind-leader', 'overdue'].map((step) => `${step} 2026-03-05 done`),
      ...['reminder', 'supervision', 'talk', 'circular'].map((step) => `${step} 2026-03-05 proposed`),
      ...['remind', 'remind-leader', 'overdue'].map((step) => `${step} 2026-04-14 done`),
      ...['reminder', 'supervision', 'talk', 'circular'].map((step) => `${step} 2026-04-14 proposed`),
    ]);
    for (const step of ['reminder', 'supervision', 'circular'])
      expect(await papers(id, step)).toEqual([[critical], [low]]);
    const half = [await stage.reminderTo(here), await stage.reminderTo(here)];
    expect(half.map((text) => /end of (.*?)[,.]/.exec(text)?.[1])).toEqual(['5 March 2026', '14 April 2026']);
  });

  it('goes on for what is left when the first date is settled', async () => {
    const { here, low, id } = await twoDates();
    await stage.climb('2026-03-04T10:00:00Z');
    await prove(here);
    await stage.climb('2026-03-07T02:00:00Z');
    await stage.climb('2026-04-16T02:00:00Z');
    const seen = await rungs(id);
    expect(seen).toContain('overdue 2026-03-05 needless');
    expect(seen).toContain('reminder 2026-03-05 needless');
    expect(seen).toContain('overdue 2026-04-14 done');
    expect(await papers(id, 'reminder')).toEqual([[low]]);
  });

  it('loses the rungs of one date when one is left out, and keeps those of the other', async () => {
    const { id } = await twoDates();
    const escalations = await stage.rungs(id);
    const first = escalations.find(({ step }) => step === 'reminder');
    await dismiss(id, `${first?.id}`);
    await stage.climb('2026-04-16T02:00:00Z');
    await stage.climb('2026-04-16T02:00:00Z');
    expect((await rungs(id)).filter((one) => one.startsWith('reminder'))).toEqual([
      'reminder 2026-03-05 dismissed',
      'reminder 2026-04-14 proposed',
    ]);
  });

  it('becomes one ladder where an extension gives all of them one date, and nothing comes twice', async () => {
    const { critical, low, id } = await twoDates();
    await stage.climb('2026-03-07T02:00:00Z');
    expect(await papers(id, 'reminder')).toEqual([[critical]]);
    const move = `update finding_due set due_at = $1 where finding_id = any ($2::bigint[])`;
    await stage.determined();
    await stage.running.parts.widePool.query(move, [LOW_DUE, [critical, low]]);
    await stage.climb('2026-03-08T02:00:00Z');
    expect((await rungs(id)).filter((one) => one.endsWith('planned'))).toEqual(
      // these have not come for the one with the later date, the ones behind them for neither
      ['remind', 'remind-leader', 'overdue', 'reminder', 'supervision', 'talk', 'circular'].map(
        (step) => `${step} 2026-04-14 planned`,
      ),
    );
    await stage.climb('2026-04-20T02:00:00Z');
    expect(await papers(id, 'reminder')).toEqual([[critical], [low]]);
    expect(await papers(id, 'supervision')).toEqual([[critical, low]]);
  });

  it('is planned anew for a date that moved while it was being planned', async () => {
    const { critical, id } = await twoDates();
    const later = '2026-03-19T16:00:00.000Z';
    const { widePool } = stage.running.parts;
    await widePool.query('update finding_due set due_at = $1 where finding_id = $2', [LOW_DUE, critical]);
    const [before] = (await movedLadders(widePool, 100)).filter(({ noticeId }) => noticeId === id);
    await widePool.query('update finding_due set due_at = $1 where finding_id = $2', [later, critical]);
    if (before !== undefined)
      await inTransaction(widePool, (tx) => planLadder(tx, before, ISSUED.toISOString()));
    await stage.climb('2026-03-03T02:00:00Z');
    expect(await rungs(id)).toContain('reminder 2026-03-19 planned');
    expect(before?.dueDates).toEqual([LOW_DUE]);
  });

  it('comes later for a finding whose clock stood still, and not again for the others of its date', async () => {
    const here = await stage.place();
    const [still, runs] = await stage.findings(here, ['critical', 'critical']);
    const id = await stage.issue(here, { findingIds: [`${still}`, `${runs}`] });
    const pause = (paused: string | null) =>
      stage.running.parts.widePool.query('update finding_due set paused = $2 where finding_id = $1', [
        still,
        paused,
      ]);
    await pause('objection');
    await stage.climb('2026-03-07T02:00:00Z');
    expect(await papers(id, 'reminder')).toEqual([[runs]]);
    expect(await rungs(id)).toContain('reminder 2026-03-05 planned');
    await pause(null);
    await stage.climb('2026-03-07T03:00:00Z');
    await stage.climb('2026-03-07T04:00:00Z');
    expect(await papers(id, 'reminder')).toEqual([[runs], [still]]);
    expect(await rungs(id)).not.toContain('reminder 2026-03-05 planned');
  });
});

describe('whatever happens to the dates and clocks of a notice', () => {
  const Index = fc.nat({ max: 3 });
  const Event = fc.oneof(
    fc.record({ kind: fc.constantFrom('pause' as const, 'resume' as const), of: Index }),
    fc.record({ kind: fc.constant('later' as const), of: Index, days: fc.integer({ min: 1, max: 10 }) }),
    fc.record({ kind: fc.constant('climb' as const), days: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ kind: fc.constant('leave-out' as const), of: fc.nat({ max: 20 }) }),
  );
  type Happening = typeof Event extends fc.Arbitrary<infer T> ? T : never;
  const set = (change: string, ids: readonly (string | undefined)[], ...values: readonly unknown[]) =>
    stage.running.parts.widePool.query(
      `update finding_due set ${change} where finding_id = any ($1::bigint[])`,
      [ids, ...values],
    );
  /** What a test asks for is asked at the time of the issue: sessions end. */
  const climb = async (at: number) => {
    await stage.climb(new Date(at).toISOString());
    stage.now = ISSUED;
  };
  const leaveOut = async (id: string, of: number) => {
    const planned = (await stage.rungs(id)).filter(({ state }) => state === 'planned');
    const rung = planned[of % Math.max(1, planned.length)];
    if (rung !== undefined) await dismiss(id, rung.id);
  };
  const happen = async (id: string, all: readonly string[], events: readonly Happening[]) => {
    let at = ISSUED.getTime();
    for (const event of events) {
      if (event.kind === 'climb') {
        at += event.days * 86_400_000;
        await climb(at);
      } else if (event.kind === 'leave-out') await leaveOut(id, event.of);
      else if (event.kind === 'later')
        await set('due_at = due_at + make_interval(days => $2)', [all[event.of]], event.days);
      else await set('paused = $2', [all[event.of]], event.kind === 'pause' ? 'objection' : null);
    }
  };
  const expectOnce = async (id: string, all: readonly string[]) => {
    const rungsNow = await stage.rungs(id);
    expect(rungsNow.filter(({ state }) => state === 'planned')).toEqual([]);
    for (const paper of ['reminder', 'supervision', 'circular']) {
      const ofPaper = rungsNow.filter(({ step }) => step === paper);
      const made = ofPaper.filter(({ noticeMade }) => noticeMade !== null);
      const named = (await Promise.all(made.map((one) => stage.namedBy(one)))).flat();
      expect(named).toHaveLength(new Set(named).size);
      if (ofPaper.every(({ state }) => state !== 'dismissed')) expect(named.sort()).toEqual([...all].sort());
    }
    const { rows } = await stage.running.parts.widePool.query<{ taken: string[] }>(
      'select taken from ladder_finding where notice_id = $1',
      [id],
    );
    expect(rows).toHaveLength(all.length);
    for (const { taken } of rows) expect(taken.sort()).toEqual([...ESCALATION_STEPS].sort());
  };

  it('each of its findings gets each rung once', { timeout: 120_000 }, async () => {
    const here = await stage.place();
    const all = await stage.findings(here, ['critical', 'critical', 'low', 'low']);
    await fc.assert(
      fc.asyncProperty(fc.array(Event, { minLength: 12, maxLength: 30 }), async (events) => {
        const id = await stage.issue(here, { findingIds: all });
        await set('paused = null, due_at = $2', all.slice(0, 2), CRITICAL_DUE);
        await set('paused = null, due_at = $2', all.slice(2), LOW_DUE);
        await happen(id, all, events);
        await set('paused = null', all);
        for (const day of ['2030-01-01', '2030-01-02']) await climb(Date.parse(day));
        await expectOnce(id, all);
      }),
      { numRuns: 6 },
    );
  });
});
