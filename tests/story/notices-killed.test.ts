import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CSRF_HEADER, NoticeBatch, TroubledDeliveries } from '@backcheck/contract';
import { ensureAccount, insertSignInLink } from '@backcheck/db';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSecret } from '../../packages/server/src/platform/sign-in/tokens.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

const NOTICES = 10_000;
/** Of one stage, and of all: alone on two processors all of it takes some minutes. */
const PATIENCE = 500_000;
const AT_MOST = 1_500_000;
const folder = mkdtempSync(join(tmpdir(), 'backcheck-notices-'));

/** How often each mail arrived, counted by the mail server: it is the only one who knows. */
const arrived = new Map<string, { readonly to: string; times: number }>();
const mailServer: SMTPServer = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData: async (stream, session, done) => {
    let text = '';
    try {
      for await (const part of stream) text += part;
    } catch {
      // the client was killed before the last dot: no mail (RFC 5321 section 4.1.1.4)
      return;
    }
    const id = /^message-id: (\S+)/im.exec(text)?.[1] ?? text;
    const before = arrived.get(id)?.times ?? 0;
    arrived.set(id, { to: session.envelope.rcptTo[0]?.address ?? '', times: before + 1 });
    done();
  },
});
// a killed client resets its connection
mailServer.on('error', () => undefined);

let database: FreshDatabase;
let environment: Record<string, string>;
let server: ServerProcess;

beforeAll(async () => {
  await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve));
  const { port } = mailServer.server.address() as AddressInfo;
  database = await freshDatabase();
  // links in mails need to know it, and each start takes the same one
  const own = await freePort();
  environment = {
    PORT: String(own),
    PUBLIC_URL: `http://127.0.0.1:${own}`,
    DATABASE_URL: database.connectionString,
    DATA_DIR: folder,
    RUNNER_TASKS: '0',
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    MAIL_FROM: 'Backcheck <notices@backcheck.example.org>',
  };
  await inventOrganizations();
  server = await startServerProcess(environment);
});
afterAll(async () => {
  mailServer.close(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

/** Each with one person who gets its notices. */
async function inventOrganizations(): Promise<void> {
  await database.pool.query(
    `insert into organization (name, name_zh) select 'Office ' || n, '单位' || n from generate_series(1, $1) n`,
    [NOTICES],
  );
  await database.pool.query(
    `with people as (
       insert into account (name, email, language) select 'Liaison ' || n, 'liaison-' || n || '@example.org', 'zh' from generate_series(1, $1) n
       returning account_id, name)
     insert into access_grant (account_id, role, organization_id)
     select p.account_id, 'liaison', o.organization_id from people p join organization o on o.name = replace(p.name, 'Liaison', 'Office')`,
    [NOTICES],
  );
}

/** As the product drafted the first one: drafting ten thousand is not what this story is about. */
async function draftTheOthers(batchId: string): Promise<void> {
  await database.pool.query(
    `with made as (
       insert into notice (organization_id, kind, state, notice_batch_id, draft, frozen, drafted_by, drafted_at, hands, submitted_at)
       select o.organization_id, n.kind, n.state, n.notice_batch_id, n.draft,
         jsonb_set(n.frozen, '{organization}', jsonb_build_object('id', o.organization_id::text, 'code', o.org_code, 'name', o.name, 'nameZh', o.name_zh)),
         n.drafted_by, n.drafted_at, n.hands, n.submitted_at
       from notice n join organization o on o.organization_id <> n.organization_id where n.notice_batch_id = $1
       returning organization_id, notice_id)
     insert into notice_batch_member (notice_batch_id, organization_id, notice_id, outcome)
     select $1, organization_id, notice_id, 'drafted' from made`,
    [batchId],
  );
}

/** A second person: whoever drafted a notice does not approve it. */
async function signInApprover(): Promise<(path: string) => Promise<unknown>> {
  const { accountId } = await ensureAccount(database.pool, 'Approver');
  await database.pool.query(`insert into access_grant (account_id, role) values ($1, 'coordinator-lead')`, [
    accountId,
  ]);
  const { secret, hash } = newSecret();
  await insertSignInLink(database.pool, { hash, accountId, expiresAt: new Date(Date.now() + 3_600_000) });
  const answer = await fetch(`${server.origin}/sign-in?token=${secret}`, { redirect: 'manual' });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return async (path) => {
    const headers = { cookie, [CSRF_HEADER]: '1' };
    const done = await fetch(`${server.origin}/api/v1${path}`, { method: 'POST', headers });
    if (!done.ok) throw new Error(`${path} answered ${done.status}: ${await done.text()}`);
    return done.json();
  };
}

/** Looks until it is so; after some minutes says what it was. */
async function until<T>(look: () => Promise<T> | T, enough: (seen: T) => boolean): Promise<T> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const seen = await look();
    if (enough(seen)) return seen;
    if (Date.now() > end) throw new Error(`it stays ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const batchNow = async (id: string) => NoticeBatch.parse(await server.get(`/notice-batches/${id}`));
const unconfirmed = async () =>
  TroubledDeliveries.parse(await server.get('/deliveries/troubled?limit=200')).items;
const count = async (sql: string) => {
  const { rows } = await database.pool.query<{ count: number }>(sql);
  return rows[0]?.count ?? 0;
};

async function killAndStart(): Promise<void> {
  told(`kill, ${arrived.size} mails`);
  await server.kill();
  server = await startServerProcess(environment);
}

const begun = Date.now();
const told = (what: string) => console.info(`${((Date.now() - begun) / 1000).toFixed(1)} s: ${what}`);

it(
  'ten thousand notices of one batch get one number each and one mail each, though the server is killed three times',
  async () => {
    const { rows } = await database.pool.query<{ first: string }>(
      'select min(organization_id)::text as first from organization',
    );
    const { id } = NoticeBatch.parse(
      await server.post('/notice-batches', {
        kind: 'inspection',
        title: 'Autumn',
        scope: { by: 'organizations', organizationIds: [rows[0]?.first] },
        which: 'none',
        draft: { title: { zh: '检查通知', en: '' }, body: { zh: '定于下月开展检查。', en: '' } },
      }),
    );
    await until(
      () => batchNow(id),
      ({ state }) => state === 'drafted',
    );
    await draftTheOthers(id);
    told('drafted');
    const approver = await signInApprover();
    await approver(`/notice-batches/${id}/approve`);
    await approver(`/notice-batches/${id}/issue`);

    told('approved');
    // once while it issues, twice while it sends
    const issuedAt = randomInt(NOTICES * 0.1, NOTICES * 0.3);
    await until(
      () => batchNow(id),
      ({ counts }) => counts.issued >= issuedAt,
    );
    await killAndStart();
    const kills = [randomInt(NOTICES * 0.3, NOTICES * 0.5), randomInt(NOTICES * 0.6, NOTICES * 0.8)];
    for (const mails of kills) {
      await until(
        () => arrived.size,
        (size) => size >= mails,
      );
      await killAndStart();
    }

    await until(
      () => batchNow(id),
      ({ state }) => state === 'issued',
    );
    await until(
      () =>
        count(
          `select count(*)::int from notice_delivery where channel = 'mail' and state not in ('waiting', 'sending')`,
        ),
      (settled) => settled === NOTICES,
    );
    told('all settled');
    // what the kills left in question: a person looks into the log of the mail server and says which it was
    const inQuestion = await unconfirmed();
    console.info(
      `killed at ${issuedAt} issued, ${kills.join(' and ')} sent; ${inQuestion.length} mails were in question`,
    );
    for (const { id: deliveryId, notice, address, state } of inQuestion) {
      expect(state).toBe('unconfirmed');
      const there = [...arrived.values()].some(({ to }) => to === address);
      await fetchDone(`/notices/${notice.id}/deliveries/${deliveryId}/${there ? 'confirm' : 'send-again'}`);
    }
    await until(
      () => count(`select count(*)::int from notice_delivery where channel = 'mail' and state = 'sent'`),
      (sent) => sent === NOTICES,
    );

    expect(arrived.size).toBe(NOTICES);
    expect([...arrived.values()].filter(({ times }) => times !== 1)).toEqual([]);
    expect(new Set([...arrived.values()].map(({ to }) => to)).size).toBe(NOTICES);
    expect(await unconfirmed()).toEqual([]);
    // the numbers 1 to 10,000, each once
    expect(
      await count('select count(distinct sequence)::int as count from notice where issued_at is not null'),
    ).toBe(NOTICES);
    expect(await count('select max(sequence) as count from notice')).toBe(NOTICES);
    expect(await count('select count(distinct number)::int as count from notice')).toBe(NOTICES);
    server.child.removeAllListeners('exit').kill('SIGTERM');
  },
  AT_MOST,
);

/** An operation that answers with nothing. */
async function fetchDone(path: string): Promise<void> {
  await server.post(path, {}).catch((error: unknown) => {
    // the answer is empty, and so no JSON
    if (!(error instanceof SyntaxError)) throw error;
  });
}
