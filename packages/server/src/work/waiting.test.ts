import { ReplyList, WorkCounts, type WorkItem, WorkItemList } from '@backcheck/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { ACCEPTANCE, inDays, ReplyLab } from '../replies/replies.fixture.ts';
import type { Visitor } from '../testing/running-app.ts';

let lab: ReplyLab;
beforeAll(async () => {
  lab = await ReplyLab.open();
});

const list = async (who: Pick<Visitor, 'get'>, turn: 'coordinator' | 'organization', query = '') =>
  WorkItemList.parse((await who.get(`/api/v1/work/${turn}${query}`)).json());
const counted = async (who: Pick<Visitor, 'get'>) => {
  const { coordinator, organization } = WorkCounts.parse((await who.get('/api/v1/work')).json());
  return { coordinator, organization };
};
const ofReplies = async (who: Visitor, turn: 'coordinator' | 'organization') =>
  (await list(who, turn)).items.filter(({ replyKind }) => replyKind !== null);

describe('a risk acceptance that the organization’s security lead has not signed', () => {
  test('waits for the organization, and when it is signed for the coordinator', async () => {
    const drafted = await lab.reply(lab.liaison, await lab.finding('high'), {
      ...ACCEPTANCE,
      until: inDays(60),
    });
    expect(drafted.state).toBe('drafted');
    for (const who of [lab.securityLead, lab.liaison, lab.lead]) {
      expect(await ofReplies(who, 'organization')).toMatchObject([
        { kind: 'signature', id: drafted.id, replyKind: 'acceptance', since: drafted.madeAt },
      ]);
      expect(await ofReplies(who, 'coordinator')).toEqual([]);
    }
    expect((await counted(lab.securityLead)).organization).toBe(1);
    const undecided = async () =>
      ReplyList.parse((await lab.securityLead.get('/api/v1/replies?waiting=open')).json()).items.map(
        ({ id }) => id,
      );
    expect(await undecided()).toEqual([drafted.id]);

    await lab.step(lab.securityLead, drafted, 'sign');
    expect(await ofReplies(lab.securityLead, 'organization')).toEqual([]);
    expect(await ofReplies(lab.lead, 'coordinator')).toMatchObject([{ kind: 'reply', id: drafted.id }]);
    expect(await undecided()).toEqual([drafted.id]);
    await lab.grant(lab.lead, drafted);
    expect(await undecided()).toEqual([]);
  });
});

describe('what waits', () => {
  /** As many of each kind, some at the same moment. */
  const SEED = `with one as (
    insert into notice (organization_id, kind, state, draft, drafted_at, submitted_at, approved_by, issued_at, number)
    select $1, 'rectification', state, '{"title":{"zh":"","en":"Title"}}', at, at, case when state = 'issued' then 1 end,
      case when state = 'issued' then at end, case when state = 'issued' then 'No. ' || n end
    from generate_series(1, 150) n, lateral (select case when n % 2 = 0 then 'submitted' else 'issued' end as state,
      '2026-01-01T00:00:00.000001Z'::timestamptz + n / 10 * interval '1 microsecond' as at) s
    returning notice_id, state)
   insert into notice_delivery (organization_id, notice_id, channel, contact_id, recipient, language, state, queued_at)
   select $1, notice_id, 'mail', contact, 'Duty room', 'zh', 'bounced', '2026-01-01T00:00:00.000003Z' from one, generate_series(1, 2) contact where state = 'issued'`;

  test('is read page by page to the youngest, each once, and none is in two pages', async () => {
    await lab.running.parts.widePool.query(SEED, [lab.organizationId]);
    // Until a job has seen what was granted above, its finding waits too.
    const whole = 225;
    await expect.poll(async () => (await counted(lab.lead)).coordinator, { timeout: 30_000 }).toBe(whole);
    const found: WorkItem[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await list(
        lab.lead,
        'coordinator',
        `?limit=50${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      expect(page.items.length === 50 || page.nextCursor === null).toBe(true);
      found.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(found).toHaveLength(whole);
    const since = found.map((one) => one.since);
    expect(since).toEqual(since.toSorted());
    const once = (kind: string) => new Set(found.filter((one) => one.kind === kind).map(({ id }) => id)).size;
    expect([once('notice-to-approve'), once('delivery')]).toEqual([75, 75]);
    expect(found.filter(({ kind }) => kind === 'delivery')).toHaveLength(150);
  });

  test('is not read from a place that no page named', async () => {
    const first = await list(lab.lead, 'coordinator', '?limit=1');
    expect(first.nextCursor).not.toBeNull();
    const foreign = Buffer.from(JSON.stringify(['2026-01-01', 'reply', '1'])).toString('base64url');
    for (const cursor of ['x', foreign]) {
      const answer = await lab.lead.get(`/api/v1/work/coordinator?cursor=${cursor}`);
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'CURSOR_INVALID']);
    }
  });
});
