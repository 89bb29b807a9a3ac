import type { NoticeDetail } from '@backcheck/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Visitor } from '../testing/running-app.ts';
import { NoticeDesk, ok, step } from './notice-desk.fixture.ts';

const CHANGED = { code: 'NOTICE_CHANGED', status: 412 };

let desk: NoticeDesk;
let { handler, lead, liaison } = {} as NoticeDesk;
beforeAll(async () => {
  desk = await NoticeDesk.open();
  ({ handler, lead, liaison } = desk);
});

type Read = Pick<NoticeDetail, 'id' | 'tag'>;
const ifMatch = (tag: string | null) => ({ 'if-match': `"${tag}"` });
const change = (who: Visitor, { id, tag }: Read, contact: string) =>
  who.send({
    method: 'PATCH',
    url: `/api/v1/notices/${id}`,
    headers: ifMatch(tag),
    payload: { draft: desk.draftOf({ contact }) },
  });
const take = (who: Visitor, { id, tag }: Read, name: string) =>
  who.send({ method: 'POST', url: `/api/v1/notices/${id}/${name}`, headers: ifMatch(tag) });

describe('a notice that somebody else changed since it was read', () => {
  it('is not written over: of two who write from one reading the second is told so', async () => {
    const read = await desk.drafted();
    const first = await ok(change(handler, read, '甲'));
    expect(first.tag).not.toBe(read.tag);
    expect((await change(handler, read, '乙')).json()).toMatchObject(CHANGED);
    expect((await ok(lead.get(`/api/v1/notices/${read.id}`))).draft?.contact).toBe('甲');
    expect((await ok(change(handler, first, '乙'))).draft?.contact).toBe('乙');
  });

  it('is not submitted with words that were not read', async () => {
    const read = await desk.drafted();
    await ok(change(handler, read, '甲'));
    expect((await take(handler, read, 'submit')).json()).toMatchObject(CHANGED);
  });

  it('is not approved or issued unseen, after it was sent back and submitted anew', async () => {
    const { id } = await desk.drafted();
    const read = await ok(step(handler, { id }, 'submit'));
    await ok(step(lead, { id }, 'send-back', '请补充'));
    await ok(
      handler.send({
        method: 'PATCH',
        url: `/api/v1/notices/${id}`,
        payload: { draft: desk.draftOf({ contact: '丙' }) },
      }),
    );
    const anew = await ok(step(handler, { id }, 'submit'));
    expect((await take(lead, read, 'approve')).json()).toMatchObject(CHANGED);
    const approved = await ok(take(lead, anew, 'approve'));
    expect((await take(lead, anew, 'issue')).json()).toMatchObject(CHANGED);
    expect((await ok(take(lead, approved, 'issue'))).state).toBe('issued');
  });

  it('is told apart by its state too, and by nothing that others may do beside it', async () => {
    const read = await desk.drafted();
    expect((await ok(lead.get(`/api/v1/notices/${read.id}`))).tag).toBe(read.tag);
    await ok(take(handler, read, 'submit'));
    expect((await take(handler, read, 'submit')).json().code).toBe('NOTICE_NOT_READY');
  });

  it('is changed without a look where the request does not ask for one, or names several tags or any', async () => {
    const { id, tag } = await desk.drafted();
    const send = (headers: Record<string, string>) =>
      handler.send({
        method: 'PATCH',
        url: `/api/v1/notices/${id}`,
        headers,
        payload: { draft: desk.draftOf() },
      });
    expect((await send({})).statusCode).toBe(200);
    expect((await send({ 'if-match': '*' })).statusCode).toBe(200);
    const now = (await ok(handler.get(`/api/v1/notices/${id}`))).tag;
    expect((await send({ 'if-match': `"other", "${now}"` })).statusCode).toBe(200);
    for (const wrong of ['"other"', `W/"${now}"`, `${tag}`])
      expect((await send({ 'if-match': wrong })).json(), wrong).toMatchObject(CHANGED);
  });
});

it('tells the inspected organization nothing of its draft', async () => {
  const paper = await desk.issued();
  expect((await ok(liaison.get(`/api/v1/notices/${paper.id}`))).tag).toBeNull();
});

it('lets signed copies be added by whoever may change notices, and by nobody who only approves them', async () => {
  const paper = await desk.issued();
  const seenBy = async (who: Visitor) => (await ok(who.get(`/api/v1/notices/${paper.id}`))).mayAddCopies;
  expect([await seenBy(handler), await seenBy(lead), await seenBy(liaison)]).toEqual([true, false, false]);
  expect((await desk.drafted()).mayAddCopies).toBe(false);
});
