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
  createWidePool,
  ensureAccount,
  insertGrants,
  insertSession,
  inTransaction,
  type NewGrant,
  watchConnections,
} from '@backcheck/db';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { afterAll } from 'vitest';
import { freshDatabase } from '../../../../tests/support/database.ts';
import { buildApp } from '../app.ts';
import { importTask } from '../imports/task.ts';
import { grantAdministrator } from '../platform/access/administrator.ts';
import { openFileStore } from '../platform/files/file-store.ts';
import { installQueue, type JobsOptions, runJobs } from '../platform/jobs/run-jobs.ts';
import { openSigningKey } from '../platform/keys/signing-key.ts';
import type { App, Parts } from '../platform/parts.ts';
import { newSecret } from '../platform/sign-in/tokens.ts';
import { Undo } from '../platform/undo.ts';

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

  static async start(changes: Partial<Parts> = {}, { signedIn = true } = {}): Promise<RunningApp> {
    const { connectionString } = await freshDatabase();
    const owner = createOwnerPool({ connectionString });
    const pool = createPool({ connectionString });
    const widePool = createWidePool({ connectionString });
    for (const one of [owner, pool, widePool]) watchConnections(one, () => undefined);
    const folder = mkdtempSync(join(tmpdir(), 'backcheck-server-'));
    undo.push(async () => rmSync(folder, { recursive: true }));
    undo.push(() => pool.end());
    undo.push(() => widePool.end());
    undo.push(() => owner.end());
    await installQueue(owner);
    const parts: Parts = {
      pool,
      widePool,
      files: await openFileStore(join(folder, 'files'), new Date()),
      signingKey: await openSigningKey(join(folder, 'signing-key.pem')),
      clock: () => new Date(),
      log: pino({ level: 'silent' }),
      maxUploadBytes: 1_000_000,
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
      tasks: { import: importTask(this.parts) },
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
    const cookie = await sessionOf(widePool, accountId);
    const send = (request: InjectOptions) =>
      this.send({ ...request, headers: { cookie, ...request.headers } });
    return { accountId, cookie, send, get: (url) => send({ method: 'GET', url }) };
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

async function cookieOf({ widePool, clock }: Parts): Promise<string> {
  const { accountId } = await ensureAccount(widePool, 'Tester');
  await grantAdministrator(widePool, accountId, clock());
  return sessionOf(widePool, accountId);
}

async function sessionOf(widePool: Parts['widePool'], accountId: number): Promise<string> {
  const { secret, hash } = newSecret();
  await insertSession(widePool, { hash, accountId, expiresAt: new Date(Date.now() + 3_600_000) });
  return `backcheck_session=${secret}`;
}

const EVERYWHERE: NewGrant = {
  role: 'observer',
  organizationId: null,
  systemId: null,
  campaignId: null,
  expiresAt: null,
};
