import { LeftOutList, NoticeBatch, NoticeList } from '@backcheck/contract';
import { DEFAULT_OFFICE, NOTICE_KINDS, type NoticeKind, type NoticeOffice } from '@backcheck/core';
import { insertOffice, inTransaction } from '@backcheck/db';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Visitor } from '../testing/running-app.ts';
import { NoticeDesk, ok, step } from './notice-desk.fixture.ts';

let desk: NoticeDesk;
/** Issues at the organization of the desk, and at another one that the people of the desk do not see. */
let manager: Visitor;
let other: { readonly id: string; readonly manager: Visitor };
beforeAll(async () => {
  desk = await NoticeDesk.open();
  manager = await managerOf(desk.organizationId);
  const id = await desk.running.organization('Hill School');
  other = { id, manager: await managerOf(id) };
});

const managerOf = (id: string) =>
  desk.running.visitor('Manager', [{ role: 'campaign-manager', organizationId: Number(id) }]);
const office = (pattern: (kind: NoticeKind) => string): NoticeOffice => ({
  authority: { zh: '某某市网信办', en: 'Some Office' },
  numbers: Object.fromEntries(NOTICE_KINDS.map((kind) => [kind, pattern(kind)])) as NoticeOffice['numbers'],
  legalBasis: '',
  consequences: '',
  contact: '',
  timeZone: 'Asia/Shanghai',
});
const lake = office((kind) => `LAKE ${kind} {yyyy}-{seq}`);
const hill = office((kind) => `HILL ${kind} {yyyy}-{seq}`);
const set = (who: Visitor, id: string, payload: NoticeOffice) =>
  who.send({ method: 'PUT', url: `/api/v1/notice-office?organizationId=${id}`, payload });

describe('the numbers of an office', () => {
  it('are not those that are proposed, by which everybody issues who has no office', async () => {
    const proposed = { ...DEFAULT_OFFICE, contact: '0531-5550100' };
    const answer = await set(manager, desk.organizationId, proposed);
    expect(answer.json()).toMatchObject({ code: 'NOTICE_NUMBERS_SHARED', status: 422 });
    expect(answer.json().errors).toHaveLength(NOTICE_KINDS.length);
  });

  it('are its own: what another office prints for any kind is refused, and nobody is told whose it is', async () => {
    expect((await set(manager, desk.organizationId, lake)).statusCode).toBe(200);
    const same = { ...hill, numbers: { ...hill.numbers, closing: 'LAKE circular {yyyy}-{seq:4}' } };
    const answer = await set(other.manager, other.id, same);
    expect(answer.json()).toMatchObject({
      code: 'NOTICE_NUMBERS_SHARED',
      status: 422,
      errors: [{ field: 'numbers.closing', message: 'SHARED' }],
    });
    expect(answer.body).not.toContain('Lakeside');
    expect((await set(other.manager, other.id, hill)).statusCode).toBe(200);
    expect((await set(other.manager, other.id, { ...hill, contact: 'anew' })).statusCode).toBe(200);
  });

  it('are not those that were printed before, by another office or for another kind', async () => {
    expect((await desk.issued()).number).toBe('LAKE rectification 2026-1');
    const moved = { ...lake, numbers: { ...lake.numbers, rectification: 'LAKE R {yyyy}-{seq}' } };
    expect((await set(manager, desk.organizationId, moved)).statusCode).toBe(200);
    const circular = { ...moved.numbers, circular: 'LAKE rectification {yyyy}-{seq}' };
    for (const [who, id, numbers] of [
      [manager, desk.organizationId, circular],
      [other.manager, other.id, { ...hill.numbers, rectification: lake.numbers.rectification }],
    ] as const)
      expect((await set(who, id, { ...hill, numbers })).json().code).toBe('NOTICE_NUMBERS_SHARED');
    // its own series goes on where it was
    expect((await set(manager, desk.organizationId, lake)).statusCode).toBe(200);
    expect((await desk.issued()).number).toBe('LAKE rectification 2026-2');
  });

  it('that two offices shared before stand on one paper: the other one is issued under another number, without a gap', async () => {
    const { running } = desk;
    await inTransaction(running.parts.widePool, (tx) =>
      insertOffice(tx, lake, {
        organizationId: Number(other.id),
        setBy: manager.accountId,
        setAt: '2027-01-01T00:00:00Z',
      }),
    );
    const finding = await desk.findingsAt(other.id, ['198.51.100.1']);
    const payload = { organizationId: other.id, draft: desk.draftOf({ findingIds: finding }) };
    const { id } = (await running.send({ method: 'POST', url: '/api/v1/notices', payload })).json();
    const second = await running.visitor('Second', [
      { role: 'coordinator-lead', organizationId: Number(other.id) },
    ]);
    await ok(step(running, { id }, 'submit'));
    await ok(step(second, { id }, 'approve'));
    expect((await step(second, { id }, 'issue')).json()).toMatchObject({
      code: 'NOTICE_NUMBER_TAKEN',
      status: 409,
    });
    expect((await set(other.manager, other.id, lake)).json().code).toBe('NOTICE_NUMBERS_SHARED');
    await inTransaction(running.parts.widePool, (tx) =>
      insertOffice(tx, hill, {
        organizationId: Number(other.id),
        setBy: manager.accountId,
        setAt: '2027-01-02T00:00:00Z',
      }),
    );
    expect((await ok(step(second, { id }, 'issue'))).number).toBe('HILL rectification 2026-1');
  });

  it('that another office has taken leave the notices of a batch approved, until theirs has other ones', async () => {
    const { running } = desk;
    const id = await running.organization('Dale School');
    const here = { organizationId: Number(id) };
    const second = await running.visitor('Lead', [{ role: 'coordinator-lead', ...here }]);
    const drafter = await running.visitor('Drafter', [{ role: 'campaign-manager', ...here }]);
    const setTo = (content: NoticeOffice, setAt: string) =>
      inTransaction(running.parts.widePool, (tx) =>
        insertOffice(tx, content, { ...here, setBy: manager.accountId, setAt }),
      );
    await setTo(lake, '2027-01-01T00:00:00Z');
    const post = (who: Visitor, path: string, payload?: object) =>
      who.send({ method: 'POST', url: `/api/v1/notice-batches${path}`, ...(payload && { payload }) });
    const plan = {
      kind: 'rectification',
      title: 'B',
      organizationId: id,
      scope: { by: 'node' },
      which: 'none',
    };
    const { title, body } = desk.draftOf();
    const finding = await desk.findingsAt(id, ['203.0.113.9']);
    expect(finding).toHaveLength(1);
    const made = await post(drafter, '', { ...plan, which: 'open', draft: { title, body } });
    const batch = NoticeBatch.parse(made.json());
    const read = async () =>
      NoticeBatch.parse((await second.get(`/api/v1/notice-batches/${batch.id}`)).json());
    const comesTo = (state: NoticeBatch['state']) =>
      vi.waitFor(async () => expect((await read()).state).toBe(state), 10_000);
    const leftOut = async () =>
      LeftOutList.parse((await second.get(`/api/v1/notice-batches/${batch.id}/left-out`)).json()).items;
    await comesTo('drafted');
    await post(second, `/${batch.id}/approve`);
    expect(NoticeBatch.parse((await post(second, `/${batch.id}/issue`)).json()).state).toBe('issuing');
    await comesTo('approved');
    expect((await read()).allowed).toEqual(['issue']);
    const notices = async () =>
      NoticeList.parse((await second.get(`/api/v1/notices?batchId=${batch.id}`)).json()).items;
    const [kept] = await notices();
    expect([kept?.state, kept?.number]).toEqual(['approved', null]);
    expect(await leftOut()).toMatchObject([
      { outcome: 'held', code: 'NOTICE_NUMBER_TAKEN', noticeId: kept?.id },
    ]);

    const dale = office((kind) => `DALE ${kind} {yyyy}-{seq}`);
    await setTo(dale, '2027-01-02T00:00:00Z');
    await post(second, `/${batch.id}/issue`);
    await comesTo('issued');
    expect(await notices()).toMatchObject([
      { id: kept?.id, state: 'issued', number: 'DALE rectification 2026-1' },
    ]);
    expect(await leftOut()).toEqual([]);
  });
});
