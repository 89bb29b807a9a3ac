import { createHash } from 'node:crypto';
import { NoticeDetail, NoticeList, NoticeSeriesList } from '@backcheck/contract';
import { canonical } from '@backcheck/core';
import { inTransaction } from '@backcheck/db';
import { beforeAll, describe, expect, it } from 'vitest';
import { issueNotice } from './issue.ts';
import { MORNING, NoticeDesk, ok, step } from './notice-desk.fixture.ts';

const HOUR = 3_600_000;

let desk: NoticeDesk;
let running: NoticeDesk['running'];
let { handler, lead, liaison, organizationId, findingIds } = {} as NoticeDesk;
let now = MORNING;
beforeAll(async () => {
  desk = await NoticeDesk.open(() => now);
  ({ running, handler, lead, liaison, organizationId, findingIds } = desk);
});
const drafted = (changes = {}) => desk.drafted(changes);
const issued = (changes = {}) => desk.issued(changes);
const draftOf = (changes = {}) => desk.draftOf(changes);

describe('a notice', () => {
  it('is drafted, submitted, approved by somebody else and issued with number, dates and hash', async () => {
    const one = await drafted({ dueAt: '2026-11-30T16:00:00.000Z' });
    expect(one).toMatchObject({ state: 'draft', number: null, findings: 3, draftedBy: { name: 'Handler' } });
    expect(one.allowed).toEqual(['submit', 'discard']);
    expect((await ok(step(handler, one, 'submit'))).allowed).toEqual(['discard']);
    expect((await ok(lead.get(`/api/v1/notices/${one.id}`))).allowed).toEqual(['send-back', 'approve']);
    await ok(step(lead, one, 'approve'));
    const paper = await ok(step(lead, one, 'issue'));
    expect(paper).toMatchObject({
      state: 'issued',
      number: '网安整改〔2026〕第1号',
      issuedAt: MORNING.toISOString(),
      approvedBy: { name: 'Lead' },
      dueAt: '2026-11-30T16:00:00.000Z',
      content: { drafter: 'Handler', approver: 'Lead', body: { zh: ['第一段。', '第二段。'], en: [] } },
    });
    expect(paper.content.findings.map(({ dueAt }) => dueAt)).toEqual(
      Array(3).fill('2026-11-30T16:00:00.000Z'),
    );
    expect(paper.content.findings[0]).toMatchObject({ asset: '192.0.2.1', place: 'tcp 443', grade: 'high' });
    const hash = createHash('sha256').update(canonical(paper.content)).digest('hex');
    expect(paper.contentSha256).toBe(hash);
  });

  it('writes its issue into the ledger of the organization and queues its delivery, all or nothing', async () => {
    const paper = await issued();
    const { rows } = await running.parts.widePool.query(
      `select l.record::jsonb as record from ledger_leaf l where l.organization_id = $1 order by seq desc limit 1`,
      [organizationId],
    );
    expect(rows[0]?.record).toEqual({
      kind: 'notice-issued',
      at: MORNING.toISOString(),
      notice: paper.id,
      paper: 'rectification',
      number: paper.number,
      contentSha256: paper.contentSha256,
      replaces: null,
    });
    const { rows: entries } = await running.parts.widePool.query(
      `select seq, encode(hash, 'hex') as hash from ledger where organization_id = $1 order by seq desc limit 1`,
      [organizationId],
    );
    expect(paper.ledger).toEqual({ ...entries[0], same: true });
  });

  it('leaves the date of each finding to the policy where it sets none itself, and says which row gave it', async () => {
    const { id, content } = await issued();
    const { rows } = await running.parts.widePool.query<{ id: string; due_at: Date | null }>(
      'select finding_id::text as id, due_at from notice_finding where notice_id = $1',
      [id],
    );
    const kept = new Map(rows.map((row) => [row.id, row.due_at?.toISOString() ?? null]));
    expect(content.findings).toHaveLength(3);
    for (const finding of content.findings) {
      expect(Date.parse(finding.dueAt ?? '')).toBeGreaterThan(MORNING.getTime());
      expect(finding.dueBasis?.zh).not.toBe('');
      expect(kept.get(finding.id)).toBe(finding.dueAt);
    }
  });

  it('is not approved by anybody who drafted, changed or submitted it', async () => {
    const here = { organizationId: Number(organizationId) };
    const both = await running.visitor('Both', [
      { role: 'campaign-manager', ...here },
      { role: 'coordinator-lead', ...here },
    ]);
    const one = await drafted();
    await ok(both.send({ method: 'PATCH', url: `/api/v1/notices/${one.id}`, payload: { draft: draftOf() } }));
    await ok(step(handler, one, 'submit'));
    expect((await ok(both.get(`/api/v1/notices/${one.id}`))).allowed).toEqual(['send-back', 'discard']);
    expect((await step(both, one, 'approve')).json()).toMatchObject({ code: 'NOTICE_NOT_YOURS_TO_APPROVE' });
    await expect(
      running.parts.widePool.query(
        `update notice set state = 'approved', approved_by = $2, approved_at = now() where notice_id = $1`,
        [one.id, both.accountId],
      ),
    ).rejects.toThrow(/check constraint/);
    await ok(step(lead, one, 'approve'));
  });

  it('goes back to its drafter with a reason, and what was frozen can be changed again', async () => {
    const one = await drafted();
    await ok(step(handler, one, 'submit'));
    const change = {
      method: 'PATCH',
      url: `/api/v1/notices/${one.id}`,
      payload: { draft: draftOf() },
    } as const;
    expect((await handler.send(change)).json()).toMatchObject({ code: 'NOTICE_NOT_READY' });
    expect(await ok(step(lead, one, 'send-back', '请补充依据'))).toMatchObject({
      state: 'draft',
      reason: '请补充依据',
    });
    expect((await ok(handler.send(change))).state).toBe('draft');
  });

  it('says what was submitted, whatever becomes of the finding until it is issued', async () => {
    const one = await drafted();
    const { content } = await ok(step(handler, one, 'submit'));
    await running.parts.widePool.query(
      `update organization set name = 'Renamed' where organization_id = $1`,
      [organizationId],
    );
    await ok(step(lead, one, 'approve'));
    const paper = await ok(step(lead, one, 'issue'));
    expect(paper.content.organization).toEqual(content.organization);
  });

  it('is withdrawn with a reason and keeps its number, which nobody gets again', async () => {
    const paper = await issued({ kind: 'circular' });
    expect((await step(handler, paper, 'withdraw', 'x')).statusCode).toBe(403);
    const gone = await ok(step(lead, paper, 'withdraw', '发错单位'));
    expect(gone).toMatchObject({ state: 'withdrawn', number: '网安通报〔2026〕第1号', reason: '发错单位' });
    expect((await issued({ kind: 'circular' })).number).toBe('网安通报〔2026〕第2号');
    const { items } = NoticeSeriesList.parse((await lead.get('/api/v1/notice-series')).json());
    const series = items.find(({ kind }) => kind === 'circular');
    expect(series).toMatchObject({ year: 2026, issued: 2, void: 1 });
    const list = NoticeList.parse((await lead.get(`/api/v1/notices?seriesId=${series?.id}&limit=1`)).json());
    const next = NoticeList.parse(
      (await lead.get(`/api/v1/notices?seriesId=${series?.id}&cursor=${list.nextCursor}`)).json(),
    );
    expect([...list.items, ...next.items].map(({ number }) => number)).toEqual([
      '网安通报〔2026〕第1号',
      '网安通报〔2026〕第2号',
    ]);
  });

  it('is superseded by its replacement at the moment that one is issued, and names it', async () => {
    const old = await issued();
    const answer = await step(handler, old, 'supersede');
    const fresh = NoticeDetail.parse(answer.json());
    expect(fresh).toMatchObject({ state: 'draft', replaces: { id: old.id, number: old.number } });
    await ok(step(handler, fresh, 'submit'));
    await ok(step(lead, fresh, 'approve'));
    expect((await ok(lead.get(`/api/v1/notices/${old.id}`))).state).toBe('issued');
    const issuedAnew = await ok(step(lead, fresh, 'issue'));
    expect(await ok(lead.get(`/api/v1/notices/${old.id}`))).toMatchObject({
      state: 'superseded',
      number: old.number,
      supersededBy: { id: fresh.id, number: issuedAnew.number },
    });
  });

  it('takes the year of the office: a notice of half past midnight in Shanghai is of the new year', async () => {
    const numbers = [];
    for (const at of ['2026-12-31T15:59:59.000Z', '2026-12-31T16:00:00.000Z']) {
      const one = await drafted({ kind: 'supervision' });
      await ok(step(handler, one, 'submit'));
      await ok(step(lead, one, 'approve'));
      const key = { organizationId: Number(organizationId), noticeId: one.id };
      numbers.push(await inTransaction(running.parts.widePool, (tx) => issueNotice(tx, key, new Date(at))));
    }
    expect(numbers.map(({ number }) => number)).toEqual(['网安督办〔2026〕第1号', '网安督办〔2027〕第1号']);
  });

  it('cannot be changed any more when it is issued, not even by a statement', async () => {
    const { id } = await issued();
    const { widePool } = running.parts;
    for (const change of ["content = '{}'", "number = 'x'", 'issued_at = now()', "draft = '{}'"])
      await expect(widePool.query(`update notice set ${change} where notice_id = $1`, [id])).rejects.toThrow(
        /is issued/,
      );
    await expect(
      widePool.query('update notice_finding set due_at = now() where notice_id = $1', [id]),
    ).rejects.toThrow(/is issued/);
    await expect(widePool.query('delete from notice_finding where notice_id = $1', [id])).rejects.toThrow(
      /is issued/,
    );
  });

  it('names only findings of the organization that it is addressed to', async () => {
    const other = await running.organization('Hill School');
    const [foreign = ''] = await desk.findingsAt(other, ['198.51.100.1']);
    const payload = { organizationId, draft: draftOf({ findingIds: [...findingIds, foreign] }) };
    const answer = await running.send({ method: 'POST', url: '/api/v1/notices', payload });
    expect(answer.json()).toMatchObject({ code: 'NOTICE_FINDINGS', status: 422 });
    const scoped = await handler.send({ method: 'POST', url: '/api/v1/notices', payload });
    expect(scoped.json()).toMatchObject({ code: 'NOTICE_FINDINGS' });
  });

  it('is not submitted without words in each of its languages, findings, or a decision where it is one', async () => {
    const one = await drafted({ language: 'both', findingIds: [], dueAt: '2026-11-01T00:00:00Z' });
    const answer = await step(handler, one, 'submit');
    expect(answer.json()).toMatchObject({ code: 'NOTICE_FLAWED' });
    expect(answer.json().errors.map(({ field }: { field: string }) => field)).toEqual([
      'draft.title.en',
      'draft.body.en',
      'draft.findingIds',
      'draft.dueAt',
    ]);
    const decision = await drafted({ kind: 'extension-decision' });
    expect((await step(handler, decision, 'submit')).json().errors[0].field).toBe('draft.decision');
  });

  it('is drafted once for one Idempotency-Key', async () => {
    const send = (draft: object) =>
      handler.send({
        method: 'POST',
        url: '/api/v1/notices',
        headers: { 'idempotency-key': 'draft-1' },
        payload: { organizationId, draft },
      });
    const first = (await send(draftOf())).json();
    expect((await send(draftOf())).json().id).toBe(first.id);
    expect((await send(draftOf({ tlp: 'RED' }))).json().code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('keeps the papers that came back signed, and writes down who took one', async () => {
    const paper = await issued();
    for (const name of ['第一页.jpg', '第二页.jpg']) {
      const payload = new FormData();
      payload.set('file', new Blob(['signed']), name);
      payload.set('note', '单位盖章');
      const answer = await handler.send({
        method: 'POST',
        url: `/api/v1/notices/${paper.id}/copies`,
        payload,
      });
      expect(answer.statusCode).toBe(201);
    }
    const { copiesList } = await ok(liaison.get(`/api/v1/notices/${paper.id}`));
    expect(copiesList.map(({ no, fileName }) => [no, fileName])).toEqual([
      [1, '第一页.jpg'],
      [2, '第二页.jpg'],
    ]);
    expect((await liaison.get(`/api/v1/notices/${paper.id}/copies/2`)).body).toBe('signed');
    const draft = await drafted();
    const payload = new FormData();
    payload.set('file', new Blob(['signed']), 'x.jpg');
    const early = await handler.send({ method: 'POST', url: `/api/v1/notices/${draft.id}/copies`, payload });
    expect(early.json().code).toBe('NOTICE_NOT_READY');
  });
});

describe('the inspected organization', () => {
  it('reads what was issued to it and never a draft, neither alone nor in lists', async () => {
    const draft = await drafted();
    const paper = await issued();
    expect((await liaison.get(`/api/v1/notices/${draft.id}`)).statusCode).toBe(404);
    const seen = await ok(liaison.get(`/api/v1/notices/${paper.id}`));
    expect(seen).toMatchObject({ draft: null, whole: true, allowed: [], mayChange: false });
    const { items } = NoticeList.parse((await liaison.get('/api/v1/notices?limit=200')).json());
    expect(items.length).toBeGreaterThan(0);
    expect(items.every(({ issuedAt }) => issuedAt !== null)).toBe(true);
    const named = (await liaison.get(`/api/v1/findings/${findingIds[0]}/notices`)).json();
    expect(named.items.map(({ id }: { id: string }) => id)).toContain(paper.id);
    expect(named.items.map(({ id }: { id: string }) => id)).not.toContain(draft.id);
  });

  it('cannot approve, issue or withdraw, although it may confirm the receipt', async () => {
    const submitted = await drafted();
    await ok(step(handler, submitted, 'submit'));
    expect((await step(liaison, submitted, 'approve')).statusCode).toBe(404);
    const paper = await issued();
    expect((await step(liaison, paper, 'withdraw', 'no')).json().code).toBe('FORBIDDEN');
    expect((await step(liaison, paper, 'submit')).json().code).toBe('FORBIDDEN');
  });

  it('is waited for until one of its people signs for the notice; a paper that was signed earlier counts', async () => {
    const paper = await issued();
    const waits = async () =>
      NoticeList.parse(
        (await lead.get('/api/v1/notices?waitingForReceipt=true&limit=200')).json(),
      ).items.some(({ id }) => id === paper.id);
    expect([await waits(), paper.receivedAt]).toEqual([true, null]);
    now = new Date(MORNING.getTime() + 2 * HOUR);
    const signs = { method: 'POST', url: `/api/v1/notices/${paper.id}/receipts`, payload: {} } as const;
    expect((await liaison.send(signs)).statusCode).toBe(204);
    const { receivedAt } = await ok(lead.get(`/api/v1/notices/${paper.id}`));
    expect([await waits(), receivedAt]).toEqual([false, expect.any(String)]);
    const at = new Date(MORNING.getTime() + HOUR).toISOString();
    const log = { channel: 'paper', recipient: 'Li', received: true, note: '签收单', at };
    const logged = await handler.send({
      method: 'POST',
      url: `/api/v1/notices/${paper.id}/deliveries/log`,
      payload: log,
    });
    expect(logged.statusCode).toBe(204);
    expect(await ok(lead.get(`/api/v1/notices/${paper.id}`))).toMatchObject({ receivedAt: at, receipts: 2 });
    now = MORNING;
  });

  it('shows a system owner only the findings of their own systems', async () => {
    const paper = await issued();
    const fields = {
      systemCode: 'S-1',
      name: 'Portal',
      mlpsLevel: '3',
      ownerPerson: 'Li',
      ownerPhone: '13800000000',
    };
    const system = await running.send({
      method: 'POST',
      url: '/api/v1/systems',
      payload: { organizationId, fields },
    });
    const systemId = Number(system.json().id);
    await running.parts.widePool.query(
      `update asset set system_id = $1 where identifiers @> '[{"value": "192.0.2.2"}]'`,
      [systemId],
    );
    const owner = await running.visitor('Owner', [
      { role: 'system-owner', organizationId: Number(organizationId), systemId },
    ]);
    const seen = await ok(owner.get(`/api/v1/notices/${paper.id}`));
    expect(seen.whole).toBe(false);
    expect(seen.content.findings.map(({ asset }) => asset)).toEqual(['192.0.2.2']);
    expect(seen.findings).toBe(1);
    for (const part of ['paper', 'copies/1']) {
      const { statusCode, body } = await owner.get(`/api/v1/notices/${paper.id}/${part}`);
      expect([statusCode, JSON.parse(body).code]).toEqual([403, 'NOTICE_PAPER_WHOLE']);
    }
  });
});
