import { NoticeDetail } from '@backcheck/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import type { RunningApp, Visitor } from '../testing/running-app.ts';
import { NoticeDesk, ok, step } from './notice-desk.fixture.ts';

let desk: NoticeDesk;
let otherLead: Visitor;
beforeAll(async () => {
  desk = await NoticeDesk.open();
  otherLead = await desk.running.visitor('Other lead', [
    { role: 'coordinator-lead', organizationId: Number(desk.organizationId) },
  ]);
});

/** A replacement of an issued notice that only waits for its issue. */
async function replacementOf(old: Pick<NoticeDetail, 'id'>): Promise<NoticeDetail> {
  const { statusCode, body } = await step(desk.handler, old, 'supersede');
  expect([statusCode, body]).toEqual([201, expect.any(String)]);
  const one = NoticeDetail.parse(JSON.parse(body));
  await ok(step(desk.handler, one, 'submit'));
  return ok(step(desk.lead, one, 'approve'));
}
const answerOf = async (answer: ReturnType<Visitor['send']>) => {
  const { statusCode, body } = await answer;
  return [statusCode, JSON.parse(body).code ?? null];
};

describe('what a notice refers to', () => {
  it('is replaced once: of two replacements the second is not issued', async () => {
    const old = await desk.issued();
    const [first, second] = [await replacementOf(old), await replacementOf(old)];
    await ok(step(desk.lead, first, 'issue'));
    expect(await answerOf(step(desk.lead, second, 'issue'))).toEqual([422, 'NOTICE_FLAWED']);
    expect(
      NoticeDetail.parse((await desk.lead.get(`/api/v1/notices/${second.id}`)).json()).number,
    ).toBeNull();
  });

  it('is withdrawn or replaced, whichever comes first, and neither waits for the other for ever', async () => {
    for (let round = 0; round < 8; round += 1) {
      const old = await desk.issued({ findingIds: [], kind: 'inspection' });
      const next = await replacementOf(old);
      const answers = await Promise.all([
        answerOf(step(desk.lead, next, 'issue')),
        answerOf(step(otherLead, old, 'withdraw', '有误')),
      ]);
      const won = answers.filter(([status]) => status === 200);
      expect(
        [won.length, answers.every(([status]) => Number(status) < 500)],
        JSON.stringify(answers),
      ).toEqual([1, true]);
    }
  });

  it('stands: a reminder of a notice that was withdrawn is not issued', async () => {
    const old = await desk.issued();
    const reminder = await desk.drafted({ kind: 'reminder', refersTo: old.id });
    await ok(step(desk.handler, reminder, 'submit'));
    await ok(step(desk.lead, reminder, 'approve'));
    await ok(step(desk.lead, old, 'withdraw', '有误'));
    expect(await answerOf(step(desk.lead, reminder, 'issue'))).toEqual([422, 'NOTICE_FLAWED']);
  });
});

it('a notice can be replaced although what it followed was withdrawn', async () => {
  const first = await desk.issued();
  const reminder = await desk.issued({ kind: 'reminder', refersTo: first.id });
  await ok(step(desk.lead, first, 'withdraw', '有误'));
  expect((await replacementOf(reminder)).refersTo).toBeNull();
});

describe('a closing notice', () => {
  it('is about what is proven gone, and is not issued of what came back since', async () => {
    const { running, organizationId } = desk;
    const open = await desk.drafted({ kind: 'closing', findingIds: desk.findingIds.slice(0, 1) });
    expect(await answerOf(step(desk.handler, open, 'submit'))).toEqual([422, 'NOTICE_FLAWED']);
    const at = (day: number) => `2026-11-${day}T02:00:00.000Z`;
    await scan(running, organizationId, { at: at(10), present: true });
    await scan(running, organizationId, { at: at(12), present: false });
    const { rows } = await running.parts.widePool.query<{ id: string }>(
      `select finding_id::text as id from finding where organization_id = $1 and state = 'verified-fixed'`,
      [organizationId],
    );
    const closing = await desk.drafted({ kind: 'closing', findingIds: rows.map(({ id }) => id) });
    await ok(step(desk.handler, closing, 'submit'));
    await ok(step(desk.lead, closing, 'approve'));
    await scan(running, organizationId, { at: at(14), present: true });
    expect(await answerOf(step(desk.lead, closing, 'issue'))).toEqual([422, 'NOTICE_FLAWED']);
  });
});

describe('a notice that demands', () => {
  /** A finding of its own that a later scan can prove gone. */
  async function seen(address: string): Promise<string> {
    const { running, organizationId } = desk;
    await scan(running, organizationId, { address, at: '2026-11-15T02:00:00.000Z', present: true });
    const { rows } = await running.parts.widePool.query<{ id: string }>(
      `select finding_id::text as id from finding join asset using (organization_id, asset_id)
       where identifiers @> jsonb_build_array(jsonb_build_object('value', $1::text))`,
      [address],
    );
    return rows[0]?.id ?? '';
  }
  const gone = (address: string) =>
    scan(desk.running, desk.organizationId, { address, at: '2026-11-16T02:00:00.000Z', present: false });

  it('is not issued of what was proven gone since, says which, and goes without it after another approval', async () => {
    const address = '192.0.2.81';
    const mended = await seen(address);
    const others = desk.findingIds.slice(0, 1);
    const one = await desk.drafted({ kind: 'circular', findingIds: [...others, mended] });
    await ok(step(desk.handler, one, 'submit'));
    expect((await ok(step(desk.lead, one, 'approve'))).settled).toEqual([]);
    await gone(address);
    const refusal = (await step(desk.lead, one, 'issue')).json();
    expect(refusal).toMatchObject({ code: 'NOTICE_FINDINGS_SETTLED', status: 409 });
    expect(refusal.detail).toContain(address);
    expect((await ok(desk.lead.get(`/api/v1/notices/${one.id}`))).settled).toEqual([mended]);

    const back = await ok(step(desk.lead, one, 'send-back', '已证明消除'));
    expect(back).toMatchObject({ state: 'draft', approvedBy: null, approvedAt: null, settled: [mended] });
    expect((await step(desk.handler, one, 'submit')).json().code).toBe('NOTICE_FINDINGS_SETTLED');
    const draft = desk.draftOf({ kind: 'circular', findingIds: others });
    await ok(desk.handler.send({ method: 'PATCH', url: `/api/v1/notices/${one.id}`, payload: { draft } }));
    await ok(step(desk.handler, one, 'submit'));
    expect(await answerOf(step(desk.lead, one, 'issue'))).toEqual([409, 'NOTICE_NOT_READY']);
    await ok(step(desk.lead, one, 'approve'));
    const paper = await ok(step(desk.lead, one, 'issue'));
    expect(paper.content.findings.map(({ id }) => id)).toEqual(others);
  });

  it('is not approved of what was found to be false since', async () => {
    const mistaken = await seen('192.0.2.82');
    const one = await desk.drafted({ findingIds: [mistaken] });
    await ok(step(desk.handler, one, 'submit'));
    await desk.running.parts.widePool.query(
      `insert into decision (organization_id, finding_id, kind, decided_at, decided_by, note)
       select organization_id, finding_id, 'false-positive', '2026-11-21T01:00:00Z', 'Lead', '' from finding where finding_id = $1`,
      [mistaken],
    );
    expect(await answerOf(step(desk.lead, one, 'approve'))).toEqual([409, 'NOTICE_FINDINGS_SETTLED']);
  });
});

async function scan(
  running: RunningApp,
  organizationId: string,
  {
    at,
    present,
    address = '192.0.2.77',
  }: { readonly at: string; readonly present: boolean; readonly address?: string },
): Promise<void> {
  const file = houseScan({ at, assets: [[{ kind: 'ip', value: address }]], present });
  const { id } = (await running.upload(file, { organizationId, confirm: 'true' })).json();
  expect((await running.settled(id)).state).toBe('done');
}

describe('an issued notice', () => {
  it('names no further finding and moves no date, not even by a statement', async () => {
    const { id } = await desk.issued({ findingIds: desk.findingIds.slice(0, 1) });
    const { widePool } = desk.running.parts;
    const name = `insert into notice_finding (organization_id, notice_id, finding_id, asset_id)
      select organization_id, $1, finding_id, asset_id from finding where finding_id = $2`;
    await expect(widePool.query(name, [id, desk.findingIds[1]])).rejects.toThrow('cannot be changed');
    for (const change of [`due_at = now()`, `frozen = '{}'`, `refers_to = 1`, `replaces = 1`])
      await expect(
        widePool.query(`update notice set ${change} where notice_id = $1`, [id]),
        change,
      ).rejects.toThrow('cannot be changed');
  });
});

it('is approved by one, issued once and sent back by nobody, when two people act at the same moment', async () => {
  const one = await desk.drafted({ kind: 'inspection', findingIds: [] });
  await ok(step(desk.handler, one, 'submit'));
  const taken = async (...answers: ReturnType<Visitor['send']>[]) =>
    (await Promise.all(answers.map(answerOf))).map(([status]) => status).toSorted();
  expect(await taken(step(desk.lead, one, 'approve'), step(otherLead, one, 'approve'))).toEqual([200, 409]);
  const both = await taken(step(desk.lead, one, 'issue'), step(otherLead, one, 'send-back', '再看'));
  expect(both).toEqual([200, 409]);
  const again = await desk.drafted({ kind: 'inspection', findingIds: [] });
  await ok(step(desk.handler, again, 'submit'));
  await ok(step(desk.lead, again, 'approve'));
  expect(await taken(step(desk.lead, again, 'issue'), step(otherLead, again, 'issue'))).toEqual([200, 409]);
});

it('a draft with half a character is refused or stored, and breaks nothing', async () => {
  const payload = {
    organizationId: desk.organizationId,
    draft: desk.draftOf({ title: { zh: 'a\ud800b', en: '' } }),
  };
  const answer = await desk.handler.send({ method: 'POST', url: '/api/v1/notices', payload });
  expect(answer.statusCode, answer.body).toBeLessThan(500);
});
