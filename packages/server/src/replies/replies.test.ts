import { FindingReplies, ReplyList } from '@backcheck/contract';
import { createOwnerPool } from '@backcheck/db';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  ACCEPTANCE,
  EXTENSION,
  FALSE_POSITIVE,
  INTERIM,
  inDays,
  OBJECTION,
  ReplyLab,
} from './replies.fixture.ts';

const DAY = 86_400_000;
let lab: ReplyLab;
beforeAll(async () => {
  lab = await ReplyLab.open();
});

describe('an objection', () => {
  test('to the fact that is granted shows the finding as a false positive for a year, and closes nothing', async () => {
    const finding = await lab.finding('medium');
    const made = await lab.reply(lab.liaison, finding, OBJECTION);
    expect([made.state, made.may]).toEqual(['made', ['withdraw', 'add-evidence']]);
    const granted = await lab.grant(lab.analyst, made);
    expect([granted.state, granted.decision?.by.name]).toEqual(['granted', 'Analyst Chen']);
    const until = Date.parse(granted.decision?.until ?? '');
    expect(Math.round((until - Date.now()) / DAY)).toBe(365);
    expect(await lab.overlayOf(finding)).toBe('false-positive');
  });

  test('of which the reported is not meant for the asset makes it not applicable', async () => {
    const finding = await lab.finding('medium');
    const made = await lab.reply(lab.liaison, finding, OBJECTION);
    await lab.grant(lab.analyst, made, { notApplicable: true });
    expect(await lab.overlayOf(finding)).toBe('not-applicable');
  });

  test('is not decided by who brought in the scan that found it', async () => {
    const manager = await lab.running.visitor('Analyst and manager', [
      { role: 'finding-analyst' },
      { role: 'campaign-manager' },
    ]);
    const finding = await lab.finding('medium', { cookie: manager.cookie });
    const made = await lab.reply(lab.liaison, finding, OBJECTION);
    await expect(lab.grant(manager, made)).rejects.toThrow('REPLY_OWN_FINDING');
    const { refused } = (await manager.get(`/api/v1/replies/${made.id}`)).json();
    expect(refused.map(({ step }: { step: string }) => step)).toEqual(['opine', 'grant', 'refuse']);
    await lab.grant(lab.analyst, made);
  });

  test('to a high finding waits for the lead; an analyst gives an opinion', async () => {
    const made = await lab.reply(lab.liaison, await lab.finding('high'), OBJECTION);
    await expect(lab.grant(lab.analyst, made)).rejects.toThrow('REPLY_NEEDS_LEAD');
    await lab.step(lab.analyst, made, 'opinion', { inFavour: false, text: 'the port still answers' });
    const refused = await lab.step(lab.lead, made, 'decide', { grant: false, text: 'it is still so' });
    expect([refused.state, refused.opinion?.inFavour]).toEqual(['refused', false]);
  });

  test('to the fact of a high finding is granted by two people beside who found it, and refused by one', async () => {
    const [finding, other] = [await lab.finding('high'), await lab.finding('high')];
    const made = await lab.reply(lab.liaison, finding, OBJECTION);
    for (const body of [{}, { notApplicable: true }])
      await expect(lab.grant(lab.lead, made, body)).rejects.toThrow('REPLY_OPINION_FIRST');
    const { may, refused } = (await lab.lead.get(`/api/v1/replies/${made.id}`)).json();
    expect([may, refused.map(({ step }: { step: string }) => step)]).toEqual([
      ['opine', 'refuse'],
      ['grant'],
    ]);
    await lab.step(lab.lead, made, 'opinion', { inFavour: true, text: 'the port is closed' });
    await expect(lab.grant(lab.lead, made)).rejects.toThrow('REPLY_SECOND_PERSON');
    await lab.grant(lab.otherLead, made);
    expect(await lab.overlayOf(finding)).toBe('false-positive');
    const wrong = await lab.reply(lab.liaison, other, OBJECTION);
    const no = await lab.step(lab.lead, wrong, 'decide', { grant: false, text: 'the port answers' });
    expect(no.state).toBe('refused');
  });

  test('is not made again on a ground that was decided, and stops no second time', async () => {
    const finding = await lab.finding('medium');
    const made = await lab.reply(lab.liaison, finding, OBJECTION);
    await expect(lab.reply(lab.liaison, finding, OBJECTION)).rejects.toThrow('REPLY_PENDING');
    await lab.step(lab.analyst, made, 'decide', { grant: false, text: 'no' });
    await expect(lab.reply(lab.liaison, finding, OBJECTION)).rejects.toThrow('OBJECTION_DECIDED');
    await lab.reply(lab.liaison, finding, { ...OBJECTION, ground: 'grade', grade: 'low' });
  });

  test('to the grade keeps what was granted beside it and leaves the severity of the tool', async () => {
    const finding = await lab.finding('high');
    const made = await lab.reply(lab.liaison, finding, { ...OBJECTION, ground: 'grade', grade: 'low' });
    const granted = await lab.grant(lab.lead, made, { grade: 'medium' });
    expect([granted.grade, granted.decision?.grade, granted.severity]).toEqual(['low', 'medium', 'high']);
    expect(await lab.overlayOf(finding)).toBeNull();
  });
});

test('a plan says what is wrong, what it takes, what it can break and how to go back', async () => {
  const plan = {
    kind: 'plan',
    text: 'Update the web server to 1.28',
    cause: 'missing-patch',
    interim: 'The address is open to the gateway only',
    resources: 'Two evenings, no money',
    risk: 'Old clients may not connect',
    rollback: 'Back to the snapshot of the evening before',
    responsible: 'network operations',
    until: inDays(5),
  };
  const made = await lab.reply(lab.liaison, await lab.finding('medium'), plan);
  expect(made).toMatchObject(plan);
  const { text, responsible, until } = plan;
  const short = await lab.reply(lab.liaison, await lab.finding('medium'), {
    kind: 'plan',
    text,
    responsible,
    until,
  });
  expect(short).toMatchObject({ cause: null, interim: null, resources: null, risk: null, rollback: null });
});

describe('more time', () => {
  test('is granted by the lead only, with a verified interim measure, and moves the date', async () => {
    const finding = await lab.finding('medium');
    const due = await lab.dueOf(finding);
    const until = new Date(due + 5 * DAY).toISOString();
    await expect(lab.reply(lab.liaison, finding, { ...EXTENSION, until })).rejects.toThrow(
      'EXTENSION_NEEDS_INTERIM',
    );
    const interim = await lab.reply(lab.liaison, finding, INTERIM);
    const wish = await lab.reply(lab.liaison, finding, { ...EXTENSION, until });
    expect(wish.dueBefore).toBe(new Date(due).toISOString());
    await expect(lab.grant(lab.analyst, wish)).rejects.toThrow('REPLY_NEEDS_LEAD');
    await expect(lab.grant(lab.lead, wish)).rejects.toThrow('EXTENSION_INTERIM_UNVERIFIED');
    await lab.step(lab.analyst, interim, 'verify', { verified: true, text: 'seen from outside' });
    const shorter = new Date(due + 2 * DAY).toISOString();
    await expect(lab.grant(lab.lead, wish, { until: new Date(due + 6 * DAY).toISOString() })).rejects.toThrow(
      'REPLY_TOO_LONG',
    );
    const granted = await lab.grant(lab.lead, wish, { until: shorter });
    expect([granted.until, granted.decision?.until]).toEqual([until, shorter]);
    expect(await lab.dueOf(finding, due)).toBe(due + 2 * DAY);
    expect(await lab.overlayOf(finding)).toBeNull();
  });

  test('is not asked for after the date, nor for longer than the term', async () => {
    const late = await lab.finding('medium', { daysAgo: 20 });
    await lab.reply(lab.liaison, late, INTERIM);
    await expect(lab.reply(lab.liaison, late, { ...EXTENSION, until: inDays(3) })).rejects.toThrow(
      'EXTENSION_TOO_LATE',
    );
    const finding = await lab.finding('medium');
    await lab.reply(lab.liaison, finding, INTERIM);
    await expect(lab.reply(lab.liaison, finding, { ...EXTENSION, until: inDays(40) })).rejects.toThrow(
      'REPLY_TOO_LONG',
    );
  });

  test('says before anything is sent until when, how long and how often', async () => {
    const finding = await lab.finding('medium');
    const due = await lab.dueOf(finding);
    const ask = async () =>
      FindingReplies.parse((await lab.liaison.get(`/api/v1/findings/${finding.id}/replies`)).json());
    const before = (await ask()).offers.find(({ kind }) => kind === 'extension');
    expect(before).toMatchObject({ before: new Date(due).toISOString(), left: 2, needsInterim: true });
    expect(before?.refusal?.zh).toContain('请先提交临时措施');
    await lab.reply(lab.liaison, finding, INTERIM);
    const { offers, replies } = await ask();
    const after = offers.find(({ kind }) => kind === 'extension');
    // a term of ten days ends with the tenth day
    const further = (Date.parse(after?.latest ?? '') - due) / DAY;
    expect([after?.refusal, Math.floor(further)]).toEqual([null, 10]);
    expect(replies.map(({ kind }) => kind)).toEqual(['interim']);
  });
});

describe('a risk', () => {
  test('is drafted by the liaison, signed by the owner, and borne for a time', async () => {
    const finding = await lab.finding('high');
    const drafted = await lab.reply(lab.liaison, finding, { ...ACCEPTANCE, until: inDays(100) });
    expect([drafted.state, drafted.may]).toEqual(['drafted', ['withdraw', 'add-evidence']]);
    await expect(lab.grant(lab.lead, drafted)).rejects.toThrow('REPLY_STATE');
    await expect(lab.step(lab.liaison, drafted, 'sign')).rejects.toThrow('ACCEPTANCE_NEEDS_OWNER');
    const signed = await lab.step(lab.securityLead, drafted, 'sign');
    expect([signed.state, signed.signed?.by.name]).toEqual(['made', 'Doctor Zhou']);
    await lab.grant(lab.lead, drafted);
    expect(await lab.overlayOf(finding)).toBe('accepted');
  });

  test('that the owner takes back no longer lies over the finding', async () => {
    const finding = await lab.finding('high');
    const made = await lab.reply(lab.securityLead, finding, { ...ACCEPTANCE, until: inDays(100) });
    expect([made.state, made.signed?.by.name]).toEqual(['made', 'Doctor Zhou']);
    await lab.grant(lab.lead, made);
    const ended = await lab.step(lab.securityLead, made, 'withdraw', { because: 'the device is replaced' });
    expect([ended.state, ended.ended?.because]).toEqual(['withdrawn', 'the device is replaced']);
    expect(await lab.overlayOf(finding)).toBeNull();
  });

  test('is worded by who bears it so that its notice can be drafted, however long, and without control characters', async () => {
    const finding = await lab.finding('high');
    const wish = { ...ACCEPTANCE, until: inDays(100) };
    for (const wrong of ['two\u0000parts', 'half \ud800 a pair', 'bell \u0007'])
      for (const field of ['control', 'text'])
        await expect(lab.reply(lab.securityLead, finding, { ...wish, [field]: wrong })).rejects.toThrow(
          'REQUEST_INVALID',
        );
    const made = await lab.reply(lab.securityLead, finding, { ...wish, control: '隔'.repeat(4000) });
    const answer = await lab.lead.send({
      method: 'POST',
      url: `/api/v1/replies/${made.id}/decide`,
      payload: { grant: true, text: '同'.repeat(4000), notice: true },
    });
    expect(answer.json()).toMatchObject({ state: 'granted', draftedNoticeId: expect.any(String) });
  });

  test('is never borne where the check is vetoed, also when the veto comes between wish and decision', async () => {
    const finding = await lab.finding('high');
    const made = await lab.reply(lab.securityLead, finding, { ...ACCEPTANCE, until: inDays(10) });
    const veto = await lab.lead.send({
      method: 'POST',
      url: '/api/v1/vetoed-checks',
      payload: { organizationId: lab.organizationId, check: finding.check, reason: 'must be off everywhere' },
    });
    expect(veto.statusCode).toBe(201);
    await expect(lab.grant(lab.lead, made)).rejects.toThrow('ACCEPTANCE_VETOED');
    const other = await lab.finding('high');
    await expect(lab.reply(lab.securityLead, other, { ...ACCEPTANCE, until: inDays(10) })).rejects.toThrow(
      'must be off everywhere',
    );
    const off = { method: 'DELETE', url: `/api/v1/vetoed-checks/${veto.json().id}` } as const;
    expect((await lab.liaison.send(off)).statusCode).toBe(403);
    expect((await lab.lead.send(off)).statusCode).toBe(204);
    const { rows: logged } = await lab.running.parts.widePool.query(
      `select organization_id::text as id from audit_entry where details ->> 'operation' like '%/vetoed-checks%' and details ->> 'outcome' = 'done'`,
    );
    expect(logged).toEqual([{ id: lab.organizationId }, { id: lab.organizationId }]);
    await lab.grant(lab.lead, made);
  });

  test('ends by itself at its moment, and is listed two weeks before', async () => {
    const finding = await lab.finding('high');
    const made = await lab.reply(lab.securityLead, finding, { ...ACCEPTANCE, until: inDays(13) });
    await lab.grant(lab.lead, made);
    const ending = async () =>
      ReplyList.parse((await lab.lead.get('/api/v1/replies?waiting=ending')).json()).items.map(
        ({ id }) => id,
      );
    expect(await ending()).toContain(made.id);
    const { widePool } = lab.running.parts;
    await widePool.query(`update reply set granted_until = now() - interval '1 minute' where reply_id = $1`, [
      made.id,
    ]);
    await widePool.query(`update decision set expires_at = now() - interval '1 minute' where reply_id = $1`, [
      made.id,
    ]);
    expect(await lab.overlayOf(finding)).toBeNull();
    const owner = createOwnerPool({ connectionString: lab.running.connectionString });
    await owner.query(`select graphile_worker.add_job('expire-replies')`);
    await owner.end();
    await expect
      .poll(async () => (await lab.lead.get(`/api/v1/replies/${made.id}`)).json().state, { timeout: 10_000 })
      .toBe('expired');
    expect(await ending()).not.toContain(made.id);
  });
});

describe('a false positive', () => {
  test('of a high finding needs two people beside who found it', async () => {
    const finding = await lab.finding('high');
    const made = await lab.reply(lab.liaison, finding, { ...FALSE_POSITIVE, until: inDays(200) });
    await expect(lab.grant(lab.lead, made)).rejects.toThrow('REPLY_OPINION_FIRST');
    await lab.step(lab.lead, made, 'opinion', { inFavour: true, text: 'the changelog says so' });
    await expect(lab.grant(lab.lead, made)).rejects.toThrow('REPLY_SECOND_PERSON');
    await lab.grant(lab.otherLead, made);
    expect(await lab.overlayOf(finding)).toBe('false-positive');
    await lab.step(lab.otherLead, made, 'revoke', { because: 'the scanner was right' });
    expect(await lab.overlayOf(finding)).toBeNull();
  });
});

test('the side of the organization decides nothing, also not who is of both sides there', async () => {
  const both = await lab.running.visitor('On both sides', [
    { role: 'liaison', organizationId: Number(lab.organizationId) },
    { role: 'coordinator-lead' },
  ]);
  const made = await lab.reply(lab.liaison, await lab.finding('low'), OBJECTION);
  await expect(lab.grant(lab.liaison, made)).rejects.toThrow('FORBIDDEN');
  await expect(lab.grant(both, made)).rejects.toThrow('REPLY_OF_THE_INSPECTED');
  const [answer] = await Promise.all([lab.lead.get(`/api/v1/replies/${made.id}`)]);
  expect(answer.json().may).toEqual(['opine', 'grant', 'refuse']);
});

test('a lead answers nothing in the name of an organization', async () => {
  const finding = await lab.finding('low');
  await expect(lab.reply(lab.lead, finding, OBJECTION)).rejects.toThrow('FORBIDDEN');
});

test('of two decisions at the same time one holds', async () => {
  const finding = await lab.finding('high');
  const made = await lab.reply(lab.securityLead, finding, { ...ACCEPTANCE, until: inDays(10) });
  const decisions = await Promise.allSettled([
    lab.grant(lab.lead, made),
    lab.step(lab.otherLead, made, 'decide', { grant: false, text: 'no' }),
  ]);
  expect(decisions.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const lost = decisions.find((one) => one.status === 'rejected');
  expect(String(lost?.reason)).toContain('REPLY_STATE');
});

test('two wishes at the same time are one, and a request that is sent again is the same reply', async () => {
  const finding = await lab.finding('low');
  const twice = await Promise.allSettled([
    lab.reply(lab.liaison, finding, OBJECTION),
    lab.reply(lab.securityLead, finding, OBJECTION),
  ]);
  expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const other = await lab.finding('low');
  const key = { 'idempotency-key': 'once' };
  const again = await Promise.all([1, 2, 3].map(() => lab.reply(lab.liaison, other, OBJECTION, key)));
  expect(new Set(again.map(({ id }) => id)).size).toBe(1);
  await expect(lab.reply(lab.liaison, other, { ...OBJECTION, text: 'else' }, key)).rejects.toThrow(
    'IDEMPOTENCY_KEY_REUSED',
  );
});

test('one reply is about findings of one organization', async () => {
  const elsewhere = await lab.running.organization('Elsewhere');
  const stranger = await lab.running.visitor('A stranger', [
    { role: 'liaison', organizationId: Number(elsewhere) },
  ]);
  const finding = await lab.finding('low');
  await expect(lab.reply(stranger, finding, OBJECTION)).rejects.toThrow('NOT_FOUND');
  const made = await lab.reply(lab.liaison, finding, OBJECTION);
  expect((await stranger.get(`/api/v1/replies/${made.id}`)).statusCode).toBe(404);
  expect(ReplyList.parse((await stranger.get('/api/v1/replies')).json()).items).toEqual([]);
  expect((await stranger.get(`/api/v1/findings/${finding.id}/replies`)).statusCode).toBe(404);
});

test('the inbox of the coordinator holds what waits for a decision, page by page', async () => {
  const page = async (cursor = '') => {
    const query = new URLSearchParams({
      waiting: 'decision',
      limit: '2',
      ...(cursor === '' ? {} : { cursor }),
    });
    return ReplyList.parse((await lab.lead.get(`/api/v1/replies?${query}`)).json());
  };
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null && seen.length < 100; ) {
    const { items, nextCursor }: ReplyList = await page(cursor);
    expect(items.every(({ state, kind }) => ['made', 'opinion'].includes(state) && kind !== 'plan')).toBe(
      true,
    );
    seen.push(...items.map(({ id }) => id));
    cursor = nextCursor;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThan(3);
});

test('an extension that is granted proposes its notice, which somebody else submits and approves', async () => {
  const finding = await lab.finding('low');
  const due = await lab.dueOf(finding);
  const interim = await lab.reply(lab.liaison, finding, INTERIM);
  await lab.step(lab.analyst, interim, 'verify', { verified: true, text: 'it holds' });
  const until = new Date(due + DAY).toISOString();
  const wish = await lab.reply(lab.liaison, finding, { ...EXTENSION, until });
  const answer = await lab.lead.send({
    method: 'POST',
    url: `/api/v1/replies/${wish.id}/decide`,
    payload: { grant: true, text: 'the vendor confirmed it', notice: true },
  });
  const { draftedNoticeId } = answer.json();
  const { rows } = await lab.running.parts.widePool.query(
    'select kind, state, drafted_by, draft from notice where notice_id = $1',
    [draftedNoticeId],
  );
  expect(rows).toMatchObject([
    {
      kind: 'extension-decision',
      state: 'draft',
      drafted_by: null,
      draft: {
        findingIds: [finding.id],
        decision: { granted: true, reason: 'the vendor confirmed it', until },
      },
    },
  ]);
  expect(rows[0].draft.decision.asked.zh).toContain('厂商未答复');
});
