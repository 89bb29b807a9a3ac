import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CSRF_HEADER, FindingList, Import, ImportList, Organization } from '@backcheck/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { sarif } from '../../packages/server/src/testing/sarif.ts';
import { freshDatabase } from '../support/database.ts';

const MAIN = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));
const FINDINGS = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'backcheck-killed-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

interface Server {
  readonly child: ChildProcess;
  get(path: string): Promise<unknown>;
  post(path: string, body: string | FormData, headers?: Record<string, string>): Promise<unknown>;
}

async function start(databaseUrl: string): Promise<Server> {
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: databaseUrl,
    DATA_DIR: folder,
    PORT: '0',
    LOG_LEVEL: 'warn',
  };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const link = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const found = /http\S+token=\S+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const answer = await fetch(link, { redirect: 'manual' });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const send = async (
    path: string,
    init: { method?: string; body?: string | FormData; headers?: Record<string, string> },
  ) => {
    const headers = { cookie, [CSRF_HEADER]: '1', ...init.headers };
    return (await fetch(`${new URL(link).origin}/api/v1${path}`, { ...init, headers })).json();
  };
  return {
    child,
    get: (path) => send(path, {}),
    post: (path, body, headers = {}) => send(path, { method: 'POST', body, headers }),
  };
}

const kill = (server: Server) =>
  new Promise<void>((resolve) => {
    server.child.removeAllListeners('exit').once('exit', () => resolve());
    server.child.kill('SIGKILL');
  });

async function until(server: Server, id: string, enough: (one: Import) => boolean): Promise<Import> {
  for (;;) {
    const one = Import.parse(await server.get(`/imports/${id}`));
    if (enough(one)) return one;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a server that is killed in the middle of an import', () => {
  it('finishes the import by itself after the next start, whole and once', async () => {
    const { connectionString } = await freshDatabase();
    let server = await start(connectionString);
    const json = { 'content-type': 'application/json' };
    const { id: organizationId } = Organization.parse(
      await server.post('/organizations', JSON.stringify({ name: 'Lakeside Hospital' }), json),
    );
    const form = new FormData();
    form.set('organizationId', organizationId);
    form.set('confirm', 'true');
    const rules = Array.from({ length: FINDINGS }, (_, index) => `R${index}`);
    form.set('file', new Blob([sarif(rules, '2026-01-01T10:00:00Z')]), 'large.sarif');
    const { id } = Import.parse(await server.post('/imports', form));

    for (let round = 0; round < 2; round += 1) {
      const { state } = await until(server, id, (one) => one.state === 'importing' || one.state === 'done');
      expect(state).toBe('importing');
      await new Promise((resolve) => setTimeout(resolve, 150));
      await kill(server);
      server = await start(connectionString);
      const stateNow = async () => Import.parse(await server.get(`/imports/${id}`)).state;
      const before = await stateNow();
      const { items } = FindingList.parse(await server.get('/findings?limit=1'));
      const after = await stateNow();
      // Between two of these questions it may have been finished.
      if (before === 'done') expect(items).toHaveLength(1);
      else if (after !== 'done') expect(items).toHaveLength(0);
    }

    const done = await until(server, id, ({ state }) => state === 'done' || state === 'refused');
    expect(done).toMatchObject({
      state: 'done',
      alreadyImported: false,
      sheet: { findings: { new: FINDINGS } },
    });
    expect(ImportList.parse(await server.get('/imports')).items).toHaveLength(1);
    server.child.removeAllListeners('exit').kill('SIGTERM');
  });
});
