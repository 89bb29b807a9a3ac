import { createHash } from 'node:crypto';
import { Import, ImportList } from '@backcheck/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { RunningApp } from '../testing/running-app.ts';
import { sarif } from '../testing/sarif.ts';

let running: RunningApp;
let organizationId: string;
beforeAll(async () => {
  running = await RunningApp.start();
  organizationId = await running.organization();
  await running.work();
});

const send = async (file: string | Uint8Array, fields: Record<string, string> = {}, headers = {}) =>
  Import.parse((await running.upload(file, { organizationId, ...fields }, headers)).json());

const findings = async () =>
  (await running.get(`/api/v1/findings?organizationId=${organizationId}`)).json().items;

describe('a file is read before it is imported', () => {
  it('shows what it can prove and keeps nothing until it is confirmed', async () => {
    const file = sarif(['R1', 'R2'], '2026-01-01T10:00:00Z');
    const queued = await send(file);
    expect(queued).toMatchObject({
      state: 'queued',
      organizationId,
      sizeBytes: Buffer.byteLength(file),
      fileName: 'scan.json',
    });
    expect(queued.sha256).toBe(createHash('sha256').update(file).digest('hex'));
    const ready = await running.settled(queued.id);
    expect(ready).toMatchObject({
      state: 'ready',
      format: 'sarif',
      scanId: null,
      problem: null,
      timeSource: 'file',
    });
    expect(ready.sheet).toMatchObject({ assets: { total: 1, reached: 1 }, findings: { new: 2, closes: 0 } });
    expect(ready.progress).toMatchObject({ bytesRead: Buffer.byteLength(file), observations: 2 });
    expect(await findings()).toEqual([]);

    const confirmed = await running.send({ method: 'POST', url: `/api/v1/imports/${ready.id}/confirm` });
    expect(confirmed.json().state).toBe('importing');
    const done = await running.settled(ready.id);
    expect(done).toMatchObject({ state: 'done', scanId: expect.any(String), alreadyImported: false });
    expect(done.sheet).toEqual(ready.sheet);
    expect(await findings()).toHaveLength(2);
  });

  it('changes nothing when the same file comes again, and says so', async () => {
    const again = await running.settled((await send(sarif(['R1', 'R2'], '2026-01-01T10:00:00Z'))).id);
    expect(again).toMatchObject({ state: 'done', alreadyImported: true, sheet: null });
    expect(await findings()).toHaveLength(2);
  });

  it('leaves no trace in the findings when it is discarded', async () => {
    const { id } = await running.settled((await send(sarif(['R9'], '2026-01-02T10:00:00Z'))).id);
    const discard = () => running.send({ method: 'POST', url: `/api/v1/imports/${id}/discard` });
    expect((await discard()).json()).toMatchObject({ state: 'discarded', finishedAt: expect.any(String) });
    expect((await discard()).json()).toMatchObject({ code: 'IMPORT_NOT_READY', status: 409 });
    expect(await findings()).toHaveLength(2);
  });

  it('is imported at once when the sender asks for it', async () => {
    const { id } = await send(sarif(['R1'], '2026-01-03T10:00:00Z'), { confirm: 'true' });
    expect(await running.settled(id)).toMatchObject({
      state: 'done',
      sheet: { findings: { new: 0, seenAgain: 1 } },
    });
  });
});

describe('a file that cannot be used is refused in one clear sentence', () => {
  it.each([
    ['an unknown format', 'hello', 'SCAN_UNKNOWN_FORMAT'],
    ['an empty file', '', 'SCAN_EMPTY'],
    [
      'a scan from the future',
      sarif(['R1'], new Date(Date.now() + 11 * 60_000).toISOString()),
      'SCAN_FROM_FUTURE',
    ],
  ])('%s', async (_name, file, code) => {
    const refused = await running.settled((await send(file)).id);
    expect(refused).toMatchObject({ state: 'refused', problem: { code }, scanId: null, sheet: null });
    expect(refused.problem?.detail.en).not.toMatch(/\{\w+\}|\n|at .*:\d+/);
    expect(refused.problem?.detail.zh).toMatch(/\p{Script=Han}/u);
  });

  it('accepts the clock of a scanner that runs nine minutes ahead', async () => {
    const file = sarif(['R1'], new Date(Date.now() + 9 * 60_000).toISOString());
    expect(await running.settled((await send(file)).id)).toMatchObject({ state: 'ready' });
  });
});

describe('the form', () => {
  const refusal = async (fields: Record<string, string>) =>
    (await running.upload(sarif(['R1'], '2026-01-01T10:00:00Z'), fields)).json();

  it('names each field that is wrong', async () => {
    expect(await refusal({ organizationId, declaredAt: 'yesterday', declaredBy: 'me' })).toMatchObject({
      code: 'REQUEST_INVALID',
      errors: [{ field: 'declaredAt' }, { field: 'declaredBy' }],
    });
  });

  it('needs an organization that exists', async () => {
    expect(await refusal({ organizationId: '4711' })).toMatchObject({
      code: 'ORGANIZATION_UNKNOWN',
      status: 422,
    });
    expect(await refusal({})).toMatchObject({
      code: 'REQUEST_INVALID',
      errors: [{ field: 'organizationId' }],
    });
  });

  it('refuses a declared time in the future before anything is kept', async () => {
    expect(await refusal({ organizationId, declaredAt: '2199-01-01T00:00:00Z' })).toMatchObject({
      code: 'SCAN_FROM_FUTURE',
    });
  });

  it('needs exactly one file', async () => {
    const form = new FormData();
    form.set('organizationId', organizationId);
    const without = await running.send({ method: 'POST', url: '/api/v1/imports', payload: form });
    expect(without.json()).toMatchObject({ code: 'FILE_MISSING' });
    form.append('file', new Blob(['a']), 'a');
    form.append('file', new Blob(['b']), 'b');
    const two = await running.send({ method: 'POST', url: '/api/v1/imports', payload: form });
    expect(two.json()).toMatchObject({ code: 'FILE_MISSING' });
    const json = await running.send({ method: 'POST', url: '/api/v1/imports', payload: { organizationId } });
    expect(json.json()).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE', status: 415 });
  });

  const raw = (payload: string, type = 'multipart/form-data; boundary=X') =>
    running.refused({ method: 'POST', url: '/api/v1/imports', payload, headers: { 'content-type': type } });
  const field = `--X\r\ncontent-disposition: form-data; name="organizationId"\r\n\r\n1\r\n`;
  const start = `${field}--X\r\ncontent-disposition: form-data; name="file"; filename="a.xml"\r\n\r\nhalf a file`;

  it.each([
    ['in the middle of the file', start],
    ['between the parts', field],
    ['in the head of a part', `${field}--X\r\ncontent-dispo`],
  ])('that ends %s is an interrupted upload', async (_place, body) => {
    expect(await raw(body)).toMatchObject({ code: 'UPLOAD_INTERRUPTED', status: 400 });
  });

  it('without a boundary, or with a field called __proto__, is not valid', async () => {
    expect(await raw(start, 'multipart/form-data')).toMatchObject({ code: 'REQUEST_INVALID' });
    const hostile = start.replace('organizationId', '__proto__');
    expect(await raw(`${hostile}\r\n--X--\r\n`)).toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('keeps the name of a file in any language, without its folder', async () => {
    const form = new FormData();
    form.set('organizationId', organizationId);
    form.set('file', new Blob(['x']), '..\\..\\湖畔医院 扫描.xml');
    const answer = await running.send({ method: 'POST', url: '/api/v1/imports', payload: form });
    expect(answer.json().fileName).toBe('湖畔医院 扫描.xml');
  });

  it('refuses a file above the limit and says where the limit is', async () => {
    const answer = await running.upload(Buffer.alloc(1_000_001), { organizationId });
    expect(answer.json()).toMatchObject({ code: 'FILE_TOO_LARGE', status: 413 });
    expect(answer.json().detail).toContain('MAX_UPLOAD_BYTES');
  });
});

describe('an Idempotency-Key', () => {
  it('makes a repeated request give the first import again', async () => {
    const file = sarif(['R1'], '2026-01-04T10:00:00Z');
    const headers = { 'idempotency-key': 'run-1' };
    const ids = await Promise.all([1, 2, 3].map(async () => (await send(file, {}, headers)).id));
    expect(new Set(ids).size).toBe(1);
    const other = await running.upload(file, { organizationId, vantage: 'outside' }, headers);
    expect(other.json()).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', status: 409 });
  });
});

describe('the list of imports', () => {
  it('shows each once, newest first, page by page', async () => {
    const all = ImportList.parse((await running.get('/api/v1/imports?limit=200')).json());
    expect(all.nextCursor).toBeNull();
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const url: string = `/api/v1/imports?limit=3&organizationId=${organizationId}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page = ImportList.parse((await running.get(url)).json());
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(all.items.map(({ id }) => id));
    expect(seen).toEqual([...seen].sort((a, b) => Number(b) - Number(a)));
  });

  it('refuses a cursor that it did not write', async () => {
    expect(
      await running.refused({ method: 'GET', url: '/api/v1/imports?cursor=aWQ6MSBvciAx' }),
    ).toMatchObject({
      code: 'CURSOR_INVALID',
    });
  });
});
