import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CSRF_HEADER,
  ProblemDocument as Document,
  Import,
  Organization,
  type ProblemDocument,
} from '@backcheck/contract';
import {
  createOwnerPool,
  createPool,
  createSignInPool,
  createWidePool,
  ensureAccount,
  insertGrants,
  inTransaction,
  type NewGrant,
  watchConnections,
} from '@backcheck/db';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { afterAll } from 'vitest';
import { freshDatabase } from '../../../../tests/support/database.ts';
import { buildApp } from '../app.ts';
import { deadlineTasks } from '../deadlines/tasks.ts';
import { deliveryTasks } from '../deliveries/tasks.ts';
import { evidenceTasks } from '../evidence/tasks.ts';
import { feedTasks } from '../feeds/tasks.ts';
import { fixTasks } from '../fixes/tasks.ts';
import { importTask } from '../imports/task.ts';
import { noticeTasks } from '../notices/tasks.ts';
import { grantAdministrator } from '../platform/access/administrator.ts';
import { openEvidence, standardEvidence } from '../platform/files/evidence-parts.ts';
import { installQueue, type JobsOptions, runJobs } from '../platform/jobs/run-jobs.ts';
import { openSigningKey } from '../platform/keys/signing-key.ts';
import type { App, Parts } from '../platform/parts.ts';
import { openSession } from '../platform/sign-in/open-session.ts';
import { mailTasks } from '../platform/sign-in/send-mail.ts';
import { openSignIn, type SignIn, type SignInSettings } from '../platform/sign-in/sign-in.ts';
import { Undo } from '../platform/undo.ts';
import { registerImportTask } from '../registers/task.ts';
import { replyTasks } from '../replies/tasks.ts';
import { concludeRetestTask } from '../retests/conclude-retest.ts';

const undo = new Undo();
afterAll(() => undo.run());

/** Somebody who is signed in beside the administrator. */
export interface Visitor {
  readonly accountId: number;
  readonly cookie: string;
  readonly send: (request: InjectOptions) => Promise<LightMyRequestResponse>;
  readonly get: (url: string) => Promise<LightMyRequestResponse>;
}

/** The application on a database of its own, reached inside the process, with one account signed in. */
export class RunningApp {
  readonly app: App;
  readonly parts: Parts;
  readonly connectionString: string;
  readonly cookie: string;
  readonly #owner: JobsOptions['owner'];

  private constructor(made: {
    app: App;
    parts: Parts;
    owner: JobsOptions['owner'];
    cookie: string;
    address: string;
  }) {
    this.app = made.app;
    this.parts = made.parts;
    this.#owner = made.owner;
    this.cookie = made.cookie;
    this.connectionString = made.address;
  }

  static async start(
    changes: Partial<Parts> = {},
    { signedIn = true, signIn: signInChanges = {} }: StartOptions = {},
  ): Promise<RunningApp> {
    const { connectionString } = await freshDatabase();
    const owner = createOwnerPool({ connectionString });
    const pool = createPool({ connectionString });
    const widePool = createWidePool({ connectionString });
    const signInPool = createSignInPool({ connectionString });
    for (const one of [owner, pool, widePool, signInPool]) watchConnections(one, () => undefined);
    const folder = mkdtempSync(join(tmpdir(), 'backcheck-server-'));
    undo.push(async () => rmSync(folder, { recursive: true }));
    undo.push(() => pool.end());
    undo.push(() => widePool.end());
    undo.push(() => signInPool.end());
    undo.push(() => owner.end());
    await installQueue(owner);
    const parts: Parts = {
      pool,
      widePool,
      signIn: openSignIn({ ...SIGN_IN, pool: signInPool, ...signInChanges }),
      ...(await openEvidence(
        join(folder, 'files'),
        { ...standardEvidence(folder), mostBytes: 1_000_000, most: 20 },
        new Date(),
      )),
      signingKey: await openSigningKey(join(folder, 'signing-key.pem')),
      clock: () => new Date(),
      log: pino({ level: 'silent' }),
      maxUploadBytes: 1_000_000,
      trustedProxies: [],
      secureCookie: false,
      webFolder: null,
      ...changes,
    };
    const app = await buildApp(parts);
    undo.push(() => app.close());
    return new RunningApp({
      app,
      parts,
      owner,
      cookie: signedIn ? await cookieOf(parts) : '',
      address: connectionString,
    });
  }

  /** Starts the workers; until then imports stay queued. */
  async work(): Promise<void> {
    const jobs = await runJobs({
      owner: this.#owner,
      tasks: {
        import: importTask(this.parts),
        'register-import': registerImportTask(this.parts),
        'conclude-retest': concludeRetestTask(this.parts),
        ...mailTasks(this.parts),
        ...feedTasks(this.parts),
        ...deadlineTasks(this.parts),
        ...evidenceTasks(this.parts),
        ...noticeTasks(this.parts),
        ...deliveryTasks(this.parts),
        ...replyTasks(this.parts),
        ...fixTasks(this.parts),
      },
      concurrency: 2,
      log: this.parts.log,
      afterSweep: async () => undefined,
    });
    undo.push(() => jobs.stop());
  }

  /** As the signed-in page sends it. */
  send(request: InjectOptions): Promise<LightMyRequestResponse> {
    return this.app.inject({
      ...request,
      headers: { cookie: this.cookie, [CSRF_HEADER]: '1', ...request.headers },
    });
  }

  get(url: string): Promise<LightMyRequestResponse> {
    return this.send({ method: 'GET', url });
  }

  /** Sends it and expects a refusal. */
  async refused(request: InjectOptions): Promise<ProblemDocument> {
    return Document.parse((await this.send(request)).json());
  }

  /** Somebody else, signed in, with these grants and no others. */
  async visitor(name: string, grants: readonly Partial<NewGrant>[]): Promise<Visitor> {
    const { widePool, clock } = this.parts;
    const { accountId } = await ensureAccount(widePool, name);
    const given = grants.map((grant) => ({ ...EVERYWHERE, ...grant }));
    await inTransaction(widePool, (tx) =>
      insertGrants(tx, accountId, { grants: given, grantedBy: null, at: clock().toISOString() }),
    );
    const cookie = await sessionOf(this.parts.signIn, accountId);
    const send = (request: InjectOptions) =>
      this.send({ ...request, headers: { cookie, ...request.headers } });
    return { accountId, cookie, send, get: (url) => send({ method: 'GET', url }) };
  }

  /** All rows of all tables as text: what somebody has who copies the database. */
  async everyRow(): Promise<string> {
    const tables = await this.#owner.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const texts: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await this.#owner.query<{ row: string }>(`select t::text as row from ${name} t`);
      texts.push(...rows.map(({ row }) => row));
    }
    return texts.join('\n');
  }

  async organization(name = 'Lakeside Hospital'): Promise<string> {
    const answer = await this.send({
      method: 'POST',
      url: '/api/v1/organizations',
      payload: { name, nameZh: '湖畔医院' },
    });
    return Organization.parse(answer.json()).id;
  }

  upload(
    file: string | Uint8Array,
    fields: Record<string, string>,
    headers = {},
  ): Promise<LightMyRequestResponse> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob([typeof file === 'string' ? file : Buffer.from(file)]), 'scan.json');
    return this.send({ method: 'POST', url: '/api/v1/imports', payload: form, headers });
  }

  /** The import as soon as its job has nothing left to do for now. */
  async settled(id: string): Promise<Import> {
    for (;;) {
      const one = Import.parse((await this.get(`/api/v1/imports/${id}`)).json());
      if (!['queued', 'reading', 'importing'].includes(one.state)) return one;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function cookieOf({ signIn, widePool, clock }: Parts): Promise<string> {
  const { accountId } = await ensureAccount(widePool, 'Tester');
  await grantAdministrator(widePool, accountId, clock());
  return sessionOf(signIn, accountId);
}

async function sessionOf(signIn: SignIn, accountId: number): Promise<string> {
  const [cookie] = (await openSession(signIn, accountId, new Headers())) ?? [];
  return cookie?.split(';')[0] ?? '';
}

interface StartOptions {
  readonly signedIn?: boolean;
  readonly signIn?: Partial<SignInSettings>;
}

const SIGN_IN: Omit<SignInSettings, 'pool'> = {
  secret: 'a secret of tests that nobody keeps',
  secureCookie: false,
  publicUrl: 'http://localhost',
  log: pino({ level: 'silent' }),
  requireTotp: 'privileged',
  oidc: null,
  mailer: null,
};

const EVERYWHERE: NewGrant = {
  role: 'observer',
  organizationId: null,
  systemId: null,
  campaignId: null,
  expiresAt: null,
};
