import { FindingList, Import, Notice, NoticeDeliveries, type NoticeDraftInput } from '@backcheck/contract';
import type { RunningApp, Visitor } from '../testing/running-app.ts';
import { sarif } from '../testing/sarif.ts';

/** The people who make papers: one writes, another approves. */
export interface Office {
  readonly writer: Visitor;
  readonly approver: Visitor;
}

export const openOffice = async (running: RunningApp): Promise<Office> => ({
  writer: await running.visitor('Writer', [{ role: 'campaign-manager' }]),
  approver: await running.visitor('Approver', [{ role: 'coordinator-lead' }]),
});

const WORDS: NoticeDraftInput = {
  kind: 'rectification',
  language: 'both',
  title: { zh: '关于弱口令问题的整改通知', en: 'Weak passwords on 192.0.2.7' },
  body: { zh: '请整改 CVE-2021-44228。', en: 'Mend CVE-2021-44228, critical.' },
};

/** A finding on https://git.example.org/portal, for notices to speak of. The workers must run. */
export async function findSomething(running: RunningApp, organizationId: string): Promise<void> {
  const sent = await running.upload(sarif(['R1'], '2026-01-01T10:00:00Z'), {
    organizationId,
    confirm: 'true',
  });
  const { state } = await running.settled(Import.parse(sent.json()).id);
  if (state !== 'done') throw new Error(`the import is ${state}`);
}

/** Drafted, submitted, approved and issued, as people do it. Returns its id. */
export async function issueNotice(
  { writer, approver }: Office,
  organizationId: string,
  draft: Partial<NoticeDraftInput> = {},
): Promise<string> {
  const findings = await writer.get(`/api/v1/findings?organizationId=${organizationId}&limit=1`);
  const findingIds = FindingList.parse(findings.json()).items.map(({ id }) => id);
  const drafted = await writer.send({
    method: 'POST',
    url: '/api/v1/notices',
    payload: { organizationId, draft: { ...WORDS, findingIds, ...draft } },
  });
  if (drafted.statusCode !== 201) throw new Error(`not drafted: ${drafted.body}`);
  const { id } = Notice.pick({ id: true }).parse(drafted.json());
  for (const [who, step] of [
    [writer, 'submit'],
    [approver, 'approve'],
    [approver, 'issue'],
  ] as const) {
    const answer = await who.send({ method: 'POST', url: `/api/v1/notices/${id}/${step}` });
    if (answer.statusCode !== 200) throw new Error(`not ${step}: ${answer.body}`);
  }
  return id;
}

/** As soon as it is as it should be; gives up after 20 seconds with what it was. */
export async function deliveriesWhen(
  { get }: Pick<Visitor, 'get'>,
  noticeId: string,
  enough: (all: NoticeDeliveries) => boolean,
): Promise<NoticeDeliveries> {
  const end = Date.now() + 20_000;
  for (;;) {
    const all = NoticeDeliveries.parse((await get(`/api/v1/notices/${noticeId}/deliveries`)).json());
    if (enough(all)) return all;
    if (Date.now() > end) throw new Error(`it stays ${JSON.stringify(all, null, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
