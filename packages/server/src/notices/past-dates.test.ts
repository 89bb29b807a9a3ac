import { LeftOutList, NoticeBatch, NoticeList } from '@backcheck/contract';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { MORNING, NoticeDesk, ok, step } from './notice-desk.fixture.ts';

const DAY = 86_400_000;
const later = (days: number) => new Date(MORNING.getTime() + days * DAY);
const PAST = { code: 'NOTICE_FLAWED', status: 422, errors: [{ field: 'draft.dueAt', message: 'PAST' }] };

let now = MORNING;
let desk: NoticeDesk;
let { running, handler, lead, organizationId } = {} as NoticeDesk;
beforeAll(async () => {
  desk = await NoticeDesk.open(() => now);
  ({ running, handler, lead, organizationId } = desk);
});
const submitted = async (dueAt: Date) => {
  const one = await desk.drafted({ dueAt: dueAt.toISOString() });
  await ok(step(handler, one, 'submit'));
  return one;
};

describe('a notice whose date has passed since it was submitted', () => {
  it('is not approved: it goes back to its drafter, who sets another date', async () => {
    const one = await submitted(later(1));
    now = later(2);
    expect((await step(lead, one, 'approve')).json()).toMatchObject(PAST);
    await ok(step(lead, one, 'send-back', '期限已过'));
    const draft = desk.draftOf({ dueAt: later(9).toISOString() });
    await ok(handler.send({ method: 'PATCH', url: `/api/v1/notices/${one.id}`, payload: { draft } }));
    await ok(step(handler, one, 'submit'));
    await ok(step(lead, one, 'approve'));
    expect((await ok(step(lead, one, 'issue'))).number).toBe('网安整改〔2026〕第1号');
  });

  it('is not issued although it was approved in time, and takes no number', async () => {
    const one = await submitted(new Date(now.getTime() + DAY));
    await ok(step(lead, one, 'approve'));
    now = new Date(now.getTime() + DAY);
    expect((await step(lead, one, 'issue')).json()).toMatchObject(PAST);
    expect((await desk.issued()).number).toBe('网安整改〔2026〕第2号');
  });
});

describe('a batch whose date has passed', () => {
  const post = (who: typeof lead, path: string, payload?: object) =>
    who.send({
      method: 'POST',
      url: `/api/v1/notice-batches${path}`,
      ...(payload === undefined ? {} : { payload }),
    });
  const read = async (id: string) =>
    NoticeBatch.parse((await lead.get(`/api/v1/notice-batches/${id}`)).json());
  const noticesOf = async (id: string) =>
    NoticeList.parse((await lead.get(`/api/v1/notices?batchId=${id}`)).json()).items;
  /** Due in a day; its notice waits for its approval. */
  const drafted = async (): Promise<string> => {
    const draft = {
      title: { zh: '检查通知', en: '' },
      body: { zh: '请做好准备。', en: '' },
      dueAt: new Date(now.getTime() + DAY).toISOString(),
    };
    const plan = { kind: 'inspection', title: '秋季检查', organizationId, scope: { by: 'node' } };
    const answer = await post(handler, '', { ...plan, which: 'none', draft });
    const { id } = NoticeBatch.parse(answer.json());
    await vi.waitFor(async () => expect((await read(id)).state).toBe('drafted'), 10_000);
    return id;
  };

  it('is not approved', async () => {
    const id = await drafted();
    now = new Date(now.getTime() + DAY);
    expect((await post(lead, `/${id}/approve`)).json()).toMatchObject(PAST);
    expect((await read(id)).state).toBe('drafted');
    expect((await noticesOf(id)).map(({ state }) => state)).toEqual(['submitted']);
  });

  it('is not issued, and what was approved in time stays as it is until somebody gives it up', async () => {
    const id = await drafted();
    expect((await post(lead, `/${id}/approve`)).statusCode).toBe(200);
    now = new Date(now.getTime() + DAY);
    expect((await post(lead, `/${id}/issue`)).json()).toMatchObject(PAST);
    expect((await noticesOf(id)).map(({ state }) => state)).toEqual(['approved']);
    expect((await post(handler, `/${id}/discard`, { reason: '期限已过' })).statusCode).toBe(200);
  });

  it('leaves out by its reason the one whose date passes while its job waits', async () => {
    const id = await drafted();
    expect((await post(lead, `/${id}/approve`)).statusCode).toBe(200);
    // the first look is that of the request; its job comes after
    const [asked, passed] = [now, new Date(now.getTime() + DAY)];
    const clock = vi.spyOn(running.parts, 'clock').mockImplementation(() => passed);
    try {
      now = asked;
      expect((await post(lead, `/${id}/issue`)).statusCode).toBe(200);
      await vi.waitFor(async () => expect((await read(id)).state).toBe('issued'), 10_000);
    } finally {
      clock.mockRestore();
    }
    const answer = await lead.get(`/api/v1/notice-batches/${id}/left-out`);
    expect(LeftOutList.parse(answer.json()).items).toMatchObject([
      { organization: { id: organizationId }, outcome: 'refused', code: 'NOTICE_FLAWED', noticeId: null },
    ]);
    expect(await noticesOf(id)).toMatchObject([{ state: 'discarded', number: null }]);
  });
});
