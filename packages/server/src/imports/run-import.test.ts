import { Import } from '@backcheck/contract';
import { createOwnerPool, findAbandonedImports, takeDeadWorkers } from '@backcheck/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningApp } from '../testing/running-app.ts';
import { sarif } from '../testing/sarif.ts';
import { runImport } from './run-import.ts';

let running: RunningApp;
let organizationId: string;
let owner: ReturnType<typeof createOwnerPool>;
let counter = 0;
beforeAll(async () => {
  running = await RunningApp.start();
  organizationId = await running.organization();
  owner = createOwnerPool({ connectionString: running.connectionString });
});
afterAll(() => owner.end());

/** Nobody works on the queue here: each test runs the job itself. */
async function queued(): Promise<Import> {
  counter += 1;
  const file = sarif(['R1'], `2026-01-01T10:00:0${counter}Z`);
  return Import.parse((await running.upload(file, { organizationId, confirm: 'true' })).json());
}

const stateOf = async ({ id }: Import) => Import.parse((await running.get(`/api/v1/imports/${id}`)).json());
const attempt = (one: Import, last = false, signal = new AbortController().signal) =>
  runImport(running.parts, { importId: one.id, signal, last });

describe('the job of an import', () => {
  it('that runs a second time changes nothing', async () => {
    const one = await queued();
    await attempt(one);
    const first = await stateOf(one);
    await attempt(one);
    expect(await stateOf(one)).toEqual(first);
    expect(first.state).toBe('done');
  });

  it('goes back to the start when the server stops, and refuses nothing for it', async () => {
    const one = await queued();
    await expect(attempt(one, true, AbortSignal.abort(new Error('stopping')))).rejects.toThrow('stopping');
    expect(await stateOf(one)).toMatchObject({ state: 'importing', problem: null });
    await attempt(one);
    expect(await stateOf(one)).toMatchObject({ state: 'done' });
  });

  it('tries again after a fault of ours, and gives up in the end with a reason that hides nothing inside', async () => {
    const one = await queued();
    const { widePool, files, clock, log } = running.parts;
    const broken = { widePool, clock, log, files: { ...files, read: () => files.read('0'.repeat(64)) } };
    const run = (last: boolean) =>
      runImport(broken, { importId: one.id, signal: new AbortController().signal, last });
    await expect(run(false)).rejects.toThrow(/not in the store/);
    expect(await stateOf(one)).toMatchObject({ state: 'importing' });
    await run(true);
    const refused = await stateOf(one);
    expect(refused).toMatchObject({ state: 'refused', problem: { code: 'IMPORT_FAILED' } });
    expect(JSON.stringify(refused.problem)).not.toMatch(/ENOENT|in the store|sha256\//);
  });
});

describe('a job that ended with its process', () => {
  it('is released when the worker is gone, and given up after the last attempt', async () => {
    const one = await queued();
    const job = `update graphile_worker._private_jobs set locked_by = $2, locked_at = $3, attempts = $4 where key = $1`;
    const set = (lockedBy: string | null, attempts: number) =>
      owner.query(job, [`import:${one.id}`, lockedBy, lockedBy === null ? null : new Date(0), attempts]);
    const client = await owner.connect();
    const isAbandoned = async () => (await findAbandonedImports(owner)).includes(one.id);
    try {
      await set('gone-with-its-process', 5);
      expect(await takeDeadWorkers(client)).toEqual(['gone-with-its-process']);
      expect(await isAbandoned()).toBe(false);
      await set(null, 4);
      expect(await isAbandoned()).toBe(false);
      await set(null, 5);
      expect(await isAbandoned()).toBe(true);
    } finally {
      client.release();
    }
  });
});
