import { FindingList, NoticeDetail } from '@backcheck/contract';
import { expect } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';

type Changes = Readonly<Record<string, unknown>>;

/** The morning on which the desk opens. */
export const MORNING = new Date('2026-11-21T02:00:00.000Z');

/** An organization with three findings, and the people who write to it. */
export class NoticeDesk {
  readonly running: RunningApp;
  readonly organizationId: string;
  readonly handler: Visitor;
  readonly lead: Visitor;
  readonly liaison: Visitor;
  findingIds: readonly string[] = [];

  private constructor(made: Pick<NoticeDesk, 'running' | 'organizationId' | 'handler' | 'lead' | 'liaison'>) {
    this.running = made.running;
    this.organizationId = made.organizationId;
    this.handler = made.handler;
    this.lead = made.lead;
    this.liaison = made.liaison;
  }

  static async open(clock: () => Date = () => MORNING): Promise<NoticeDesk> {
    const running = await RunningApp.start({ clock });
    await running.work();
    const organizationId = await running.organization();
    const here = { organizationId: Number(organizationId) };
    const desk = new NoticeDesk({
      running,
      organizationId,
      handler: await running.visitor('Handler', [{ role: 'campaign-manager', ...here }]),
      lead: await running.visitor('Lead', [{ role: 'coordinator-lead', ...here }]),
      liaison: await running.visitor('Liaison', [{ role: 'liaison', ...here }]),
    });
    desk.findingIds = await desk.findingsAt(organizationId, ['192.0.2.1', '192.0.2.2', '192.0.2.3']);
    return desk;
  }

  async findingsAt(
    id: string,
    addresses: readonly string[],
    at = '2026-11-20T02:00:00.000Z',
  ): Promise<string[]> {
    const assets = addresses.map((value) => [{ kind: 'ip' as const, value }]);
    const file = houseScan({ at, assets, present: true });
    const sent = (await this.running.upload(file, { organizationId: id, confirm: 'true' })).json();
    expect((await this.running.settled(sent.id)).state).toBe('done');
    const list = FindingList.parse((await this.running.get(`/api/v1/findings?organizationId=${id}`)).json());
    return list.items.map((one) => one.id);
  }

  draftOf(changes: Changes = {}) {
    const title = { zh: '关于整改的通知', en: '' };
    const body = { zh: '第一段。\n\n第二段。', en: '' };
    return { kind: 'rectification', title, body, findingIds: this.findingIds, ...changes };
  }

  async drafted(changes: Changes = {}): Promise<NoticeDetail> {
    const payload = { organizationId: this.organizationId, draft: this.draftOf(changes) };
    const { statusCode, body } = await this.handler.send({ method: 'POST', url: '/api/v1/notices', payload });
    expect([statusCode, body]).toEqual([201, expect.any(String)]);
    return NoticeDetail.parse(JSON.parse(body));
  }

  async issued(changes: Changes = {}): Promise<NoticeDetail> {
    const one = await this.drafted(changes);
    await ok(step(this.handler, one, 'submit'));
    await ok(step(this.lead, one, 'approve'));
    return ok(step(this.lead, one, 'issue'));
  }
}

/** Some steps want a reason. */
export const step = (
  who: Pick<Visitor, 'send'>,
  { id }: { readonly id: string },
  name: string,
  reason?: string,
) =>
  who.send({
    method: 'POST',
    url: `/api/v1/notices/${id}/${name}`,
    ...(reason === undefined ? {} : { payload: { reason } }),
  });

export async function ok(answer: ReturnType<Visitor['send']>): Promise<NoticeDetail> {
  const { statusCode, body } = await answer;
  expect([statusCode, body]).toEqual([200, expect.any(String)]);
  return NoticeDetail.parse(JSON.parse(body));
}
