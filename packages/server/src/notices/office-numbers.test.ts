import { NOTICE_KINDS, type NoticeKind, type NoticeOffice } from '@backcheck/core';
import { insertOffice, inTransaction } from '@backcheck/db';
import { beforeAll, describe, expect, it } from 'vitest';
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
});
