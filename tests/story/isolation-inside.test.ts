import type { Role } from '@backcheck/core';
import type { NewGrant } from '@backcheck/db';
import { beforeAll, describe, expect, test } from 'vitest';
import { RunningApp, type Visitor } from '../../packages/server/src/testing/running-app.ts';
import type { Ids } from '../support/attacks.ts';
import { buildVictim } from '../support/victim.ts';

/**
 * Walls inside one organization: what is drafted against it, what a system's owner may read of others' systems, what
 * belongs to one account. Those between organizations are in isolation.test.ts.
 */
let running: RunningApp;
let ids: Ids;
/** A system of the organization that has the open finding, and another. */
let systems: { readonly own: number; readonly other: number };
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  ({ ids } = await buildVictim(running));
  systems = await placeFinding();
});

/** Puts the asset of the open finding into the marked system. */
async function placeFinding() {
  const { widePool } = running.parts;
  await widePool.query(
    'update asset set system_id = $1 where asset_id = (select asset_id from finding where finding_id = $2)',
    [ids.system, ids.openFinding],
  );
  const { rows } = await widePool.query<{ id: number }>(
    'select system_id as id from system where organization_id = $1 and system_id <> $2 limit 1',
    [ids.organization, ids.system],
  );
  return { own: Number(ids.system), other: rows[0]?.id ?? 0 };
}

let people = 0;
/** Somebody with this role here, and perhaps another elsewhere. */
const inside = (role: Role, systemId: number | null = null, also: readonly Partial<NewGrant>[] = []) => {
  people += 1;
  const here = { role, organizationId: Number(ids.organization), systemId };
  return running.visitor(`${role} ${people}`, [here, ...also]);
};

const get = (who: Visitor, path: string) => who.get(`/api/v1${path}`);

/** What each of these answers. */
async function statuses(who: Visitor, paths: readonly string[]): Promise<Record<string, number>> {
  const entries = paths.map(async (path) => [path, (await get(who, path)).statusCode] as const);
  return Object.fromEntries(await Promise.all(entries));
}

const all = (paths: readonly string[], status: number): Record<string, number> =>
  Object.fromEntries(paths.map((path) => [path, status]));

/** Everything that can be asked of one notice. */
const pathsOf = (noticeId: string): string[] =>
  ['', '/paper', '/paper?format=docx', '/copies/1', '/deliveries'].map((end) => `/notices/${noticeId}${end}`);

const unissued = (): string[] => {
  const { draft, needless, submitted, doubtful, approved } = ids.notices;
  return [draft, needless, submitted, doubtful, approved];
};

describe.each(['security-lead', 'liaison', 'system-owner'] as const)('to a %s of it', (role) => {
  const somebody = () => inside(role, role === 'system-owner' ? systems.own : null);

  test('what was not issued is not there, whatever is asked of it', async () => {
    const paths = unissued().flatMap(pathsOf);
    expect(await statuses(await somebody(), paths)).toEqual(all(paths, 404));
  });

  test('no list names it, and no batch', async () => {
    const who = await somebody();
    const { items } = (await get(who, '/notices?limit=200')).json();
    expect(items.map(({ id }: { id: string }) => id).sort()).toEqual(
      [ids.notices.issued, ids.notices.wrong].sort(),
    );
    const ofFinding = (await get(who, `/findings/${ids.openFinding}/notices`)).json().items;
    expect(ofFinding.map(({ id }: { id: string }) => id).sort()).toEqual(
      [ids.notices.issued, ids.notices.wrong].sort(),
    );
    expect((await get(who, '/notice-batches')).json().items).toEqual([]);
    const work = [...(await waiting(who, 'coordinator')), ...(await waiting(who, 'organization'))];
    expect(work).not.toContain('notice-to-approve');
    expect(work).not.toContain('notice-to-issue');
    expect(work).not.toContain('batch-to-approve');
    expect(work).not.toContain('batch-to-issue');
  });

  test('the ladder that is planned against it is not shown', async () => {
    const who = await somebody();
    expect((await get(who, `/notices/${ids.notices.issued}/deliveries`)).json().escalations).toEqual([]);
    expect(await waiting(who, 'coordinator')).not.toContain('escalation');
  });
});

const waiting = async (who: Visitor, turn: 'coordinator' | 'organization'): Promise<string[]> =>
  (await get(who, `/work/${turn}`)).json().items.map(({ kind }: { kind: string }) => kind);

test('who inspects a neighbour and answers for this one reads neither drafts nor the ladder here', async () => {
  const next = Number(await running.organization('The other neighbour'));
  const elsewhere = [{ role: 'coordinator-lead' as const, organizationId: next }];
  const who = await inside('liaison', null, elsewhere);
  const paths = unissued().map((id) => `/notices/${id}`);
  expect(await statuses(who, paths)).toEqual(all(paths, 404));
  expect((await get(who, `/notices/${ids.notices.issued}/deliveries`)).json().escalations).toEqual([]);
  const approval = { method: 'POST', url: `/api/v1/notices/${ids.notices.submitted}/approve` } as const;
  expect((await who.send(approval)).statusCode).toBe(404);
});

test('whoever inspects it is shown the ladder', async () => {
  const who = await inside('coordinator-lead');
  const { escalations } = (await get(who, `/notices/${ids.notices.issued}/deliveries`)).json();
  expect(escalations.map(({ step }: { step: string }) => step)).toContain('talk');
  expect(await waiting(who, 'coordinator')).toContain('escalation');
});

test('the owner of another system is shown no notice that names none of their findings, nor how it was delivered', async () => {
  const who = await inside('system-owner', systems.other);
  const paths = pathsOf(ids.notices.issued);
  expect(await statuses(who, paths)).toEqual(all(paths, 404));
  expect((await get(who, '/notices')).json().items).toEqual([]);
  const opened = { method: 'POST', url: `/api/v1/notices/${ids.notices.issued}/opened` } as const;
  expect((await who.send(opened)).statusCode).toBe(404);
  const work = (await get(who, '/work')).json();
  expect(work).toEqual({ dueSoon: 0, overdue: 0, coordinator: 0, organization: 0 });
  const query = `organizationId=${ids.organization}`;
  expect((await get(who, `/fixes?${query}`)).json().items).toEqual([]);
  expect((await get(who, `/fixes/${ids.fix}?${query}`)).statusCode).toBe(404);
});

test('the owner of a system reads the part of a notice that is theirs, and gets neither its paper nor the signed one', async () => {
  const who = await inside('system-owner', systems.own);
  const notice = (await get(who, `/notices/${ids.notices.issued}`)).json();
  expect(notice).toMatchObject({ whole: false, copiesList: [], draft: null });
  expect(notice.content.findings.map(({ id }: { id: string }) => id)).toEqual([ids.openFinding]);
  for (const path of ['/paper', '/copies/1']) {
    const answer = await get(who, `/notices/${ids.notices.issued}${path}`);
    expect([path, answer.statusCode, answer.json().code]).toEqual([path, 403, 'NOTICE_PAPER_WHOLE']);
  }
});

test('the owner of a system reads and changes no reply of somebody else about the same finding', async () => {
  const who = await inside('system-owner', systems.own);
  const id = ids.replies.objection;
  expect((await get(who, '/replies')).json().items).toEqual([]);
  expect((await get(who, `/findings/${ids.openFinding}/replies`)).json().replies).toEqual([]);
  const paths = [`/replies/${id}`, `/replies/${id}/evidence/1`];
  expect(await statuses(who, paths)).toEqual(all(paths, 404));
  const withdrawal = {
    method: 'POST',
    url: `/api/v1/replies/${id}/withdraw`,
    payload: { because: 'x' },
  } as const;
  expect((await who.send(withdrawal)).statusCode).toBe(404);
});

test('an upload is there for nobody but its account, in the same organization neither', async () => {
  const who = await inside('liaison');
  const url = `/api/v1/uploads/${ids.upload}`;
  const headers = { 'tus-resumable': '1.0.0' };
  const bytes = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  const tries = [
    await who.send({ method: 'GET', url }),
    await who.send({ method: 'HEAD', url, headers }),
    await who.send({ method: 'PATCH', url, headers: { ...headers, ...bytes }, payload: Buffer.from('x') }),
    await who.send({ method: 'DELETE', url }),
  ];
  expect(tries.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404]);
  const uploadIds = [ids.upload];
  const claim = { findingIds: [ids.openFinding], cause: 'other', measure: 'x', uploadIds };
  for (const [url, payload] of [
    [`/api/v1/replies/${ids.replies.objection}/evidence`, { uploadId: ids.upload }],
    ['/api/v1/fix-claims', claim],
  ] as const) {
    const answer = await who.send({ method: 'POST', url, payload });
    expect([url, answer.json().code]).toEqual([url, 'UPLOAD_UNKNOWN']);
  }
});

test('the secret of a webhook leaves the server with its registration only, and is not in the database', async () => {
  const who = await inside('liaison');
  const list = await get(who, '/webhooks');
  expect(list.json().items).toHaveLength(1);
  expect(list.body).not.toContain('whsec_');
  expect(await running.everyRow()).not.toContain('whsec_');
});

test('who has one system of it gives, approves and revokes no authorization to test the whole', async () => {
  const who = await inside('security-lead', systems.other);
  for (const step of ['approve', 'resume', 'revoke']) {
    const url = `/api/v1/authorizations/${ids.authorization}/${step}`;
    expect([step, (await who.send({ method: 'POST', url })).statusCode]).toEqual([step, 403]);
  }
});
