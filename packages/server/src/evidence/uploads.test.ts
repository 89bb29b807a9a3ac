import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Upload, UploadLimits } from '@backcheck/contract';
import { inTransaction } from '@backcheck/db';
import { Zip } from 'easy-template-x';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleTemplate } from '../notices/paper/sample-template.ts';
import { type EvidenceParts, openEvidence, standardEvidence } from '../platform/files/evidence-parts.ts';
import { virusScanner } from '../platform/files/virus-scan.ts';
import { TERMS } from '../testing/authorize.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';
import { sarif } from '../testing/sarif.ts';
import { fileOfUpload } from './from-upload.ts';

const TUS = { 'tus-resumable': '1.0.0' };
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const named = (name: string) => `filename ${Buffer.from(name).toString('base64')}`;

let app: RunningApp;
let liaison: Visitor;
beforeAll(async () => {
  app = await RunningApp.start();
  liaison = await app.visitor('Liaison', [
    { role: 'liaison', organizationId: Number(await app.organization()) },
  ]);
});

type Sender = Pick<Visitor, 'send' | 'get'>;

async function begin(who: Sender, size: number, name = '整改前后对比.png'): Promise<string> {
  const answer = await who.send({
    method: 'POST',
    url: '/api/v1/uploads',
    headers: { ...TUS, 'upload-length': String(size), 'upload-metadata': named(name) },
  });
  expect(answer.statusCode, answer.body).toBe(201);
  return String(answer.headers['location']).split('/').at(-1) ?? '';
}

const patch = (who: Sender, id: string, offset: number, payload: Buffer) =>
  who.send({
    method: 'PATCH',
    url: `/api/v1/uploads/${id}`,
    headers: { ...TUS, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    payload,
  });

const stateOf = async (who: Sender, id: string): Promise<Upload> =>
  Upload.parse((await who.get(`/api/v1/uploads/${id}`)).json());

async function uploaded(who: Sender, bytes: Buffer, name?: string): Promise<string> {
  const id = await begin(who, bytes.length, name);
  expect((await patch(who, id, 0, bytes)).statusCode).toBe(204);
  return id;
}

const take = (uploadId: string, accountId: number, evidence: EvidenceParts = app.parts.evidence) =>
  inTransaction(app.parts.widePool, (tx) =>
    fileOfUpload(tx, { ...app.parts, evidence }, { uploadId, accountId }),
  );

const codeOf = async (answer: Promise<{ json(): unknown }>) => (await answer).json();

describe('a file that is sent in pieces', () => {
  it('is acknowledged by the SHA-256 of all of it, and can then be cited', async () => {
    const bytes = randomBytes(300_000);
    const id = await begin(liaison, bytes.length);
    const first = await patch(liaison, id, 0, bytes.subarray(0, 100_001));
    expect([first.statusCode, first.headers['upload-offset']]).toEqual([204, '100001']);
    const head = await liaison.send({ method: 'HEAD', url: `/api/v1/uploads/${id}`, headers: TUS });
    expect([head.statusCode, head.headers['upload-offset'], head.headers['upload-length']]).toEqual([
      200,
      '100001',
      '300000',
    ]);
    await expect(take(id, liaison.accountId)).rejects.toThrow('UPLOAD_UNFINISHED');
    expect((await patch(liaison, id, 100_001, bytes.subarray(100_001))).statusCode).toBe(204);
    expect(await stateOf(liaison, id)).toMatchObject({
      fileName: '整改前后对比.png',
      state: 'ready',
      sizeBytes: 300_000,
      receivedBytes: 300_000,
      sha256: sha256(bytes),
    });
    expect(await take(id, liaison.accountId)).toEqual({
      sha256: sha256(bytes),
      sizeBytes: 300_000,
      fileName: '整改前后对比.png',
    });
  });

  it('does not go on at another place than where it stopped', async () => {
    const id = await begin(liaison, 10);
    expect(await codeOf(patch(liaison, id, 5, Buffer.alloc(5)))).toMatchObject({ code: 'UPLOAD_OFFSET' });
    expect((await patch(liaison, id, 0, Buffer.alloc(10))).statusCode).toBe(204);
  });

  it('is nobody else’s: not to see, not to go on with, not to cite', async () => {
    const id = await uploaded(liaison, Buffer.from('mine'));
    const other = await app.visitor('Another liaison', [{ role: 'liaison', organizationId: 1 }]);
    for (const who of [other, app]) expect((await who.get(`/api/v1/uploads/${id}`)).statusCode).toBe(404);
    expect((await patch(other, id, 0, Buffer.from('x'))).statusCode).toBe(404);
    expect((await other.send({ method: 'DELETE', url: `/api/v1/uploads/${id}` })).statusCode).toBe(404);
    await expect(take(id, other.accountId)).rejects.toThrow('UPLOAD_UNKNOWN');
    expect((await stateOf(liaison, id)).state).toBe('ready');
  });

  it('is refused above the limits: too large, too many, more than was announced', async () => {
    const visitor = await app.visitor('Somebody busy', [{ role: 'security-lead', organizationId: 1 }]);
    expect(UploadLimits.parse((await visitor.get('/api/v1/upload-limits')).json())).toEqual({
      mostBytes: 1_000_000,
      most: 20,
      scans: false,
    });
    const tooLarge = { ...TUS, 'upload-length': '1000001' };
    expect(
      await codeOf(visitor.send({ method: 'POST', url: '/api/v1/uploads', headers: tooLarge })),
    ).toMatchObject({ code: 'UPLOAD_TOO_LARGE' });
    const ids: string[] = [];
    for (let n = 0; n < 20; n++) ids.push(await begin(visitor, 4));
    const one = { ...TUS, 'upload-length': '4' };
    expect(
      await codeOf(visitor.send({ method: 'POST', url: '/api/v1/uploads', headers: one })),
    ).toMatchObject({ code: 'UPLOAD_TOO_MANY' });
    expect((await visitor.send({ method: 'DELETE', url: `/api/v1/uploads/${ids[0]}` })).statusCode).toBe(204);
    await begin(visitor, 4);
    expect(await codeOf(patch(visitor, ids[1] ?? '', 0, Buffer.alloc(5)))).toMatchObject({
      code: 'UPLOAD_TOO_LARGE',
    });
  });

  it('is for those who have something to prove; another site cannot send one', async () => {
    const observer = await app.visitor('Observer', [{ role: 'observer' }]);
    const request = {
      method: 'POST',
      url: '/api/v1/uploads',
      headers: { ...TUS, 'upload-length': '1' },
    } as const;
    expect(await codeOf(observer.send(request))).toMatchObject({ code: 'FORBIDDEN' });
    const foreign = await app.app.inject({
      ...request,
      headers: { ...request.headers, cookie: liaison.cookie, origin: 'https://evil.example' },
    });
    expect(foreign.json()).toMatchObject({ code: 'REQUEST_NOT_FROM_HERE' });
    expect((await app.app.inject(request)).json()).toMatchObject({ code: 'NOT_SIGNED_IN' });
  });

  it('that does not speak the protocol is told what is missing', async () => {
    expect(
      await codeOf(
        liaison.send({ method: 'POST', url: '/api/v1/uploads', headers: { 'upload-length': '1' } }),
      ),
    ).toMatchObject({ code: 'REQUEST_INVALID' });
    const headers = { ...TUS, 'upload-length': '1', 'upload-metadata': 'filename &&&' };
    expect(await codeOf(liaison.send({ method: 'POST', url: '/api/v1/uploads', headers }))).toMatchObject({
      code: 'UPLOAD_PROTOCOL',
    });
  });

  it('that is empty is whole at once', async () => {
    expect(await stateOf(liaison, await begin(liaison, 0))).toMatchObject({
      state: 'ready',
      sha256: sha256(Buffer.alloc(0)),
    });
  });

  it('whose process was killed after the last byte is put together when it is asked for', async () => {
    const bytes = randomBytes(1000);
    const id = await begin(liaison, bytes.length);
    await app.parts.evidence.uploads.append(
      id,
      (async function* () {
        yield bytes;
      })(),
    );
    const head = await liaison.send({ method: 'HEAD', url: `/api/v1/uploads/${id}`, headers: TUS });
    expect(head.headers['upload-offset']).toBe('1000');
    expect((await stateOf(liaison, id)).sha256).toBe(sha256(bytes));
  });
});

/** The industry's test file for scanners, put together here so that no scanner refuses this file. */
const EICAR = Buffer.from(
  ['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!', '$H+H*'].join(''),
);

/** Speaks what clamd speaks: it finds EICAR, takes at most `most` bytes, and counts what it was sent. */
async function clamd(most: number): Promise<{ server: Server; port: number; seen: number[] }> {
  const seen: number[] = [];
  const server = createServer((socket) => {
    let all = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      all = Buffer.concat([all, chunk]);
      if (all.length > most) socket.end('INSTREAM size limit exceeded. ERROR\0');
      const content = contentOf(all);
      if (content === null) return;
      seen.push(content.length);
      socket.end(content.includes(EICAR) ? 'stream: Eicar-Signature FOUND\0' : 'stream: OK\0');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, port: (server.address() as AddressInfo).port, seen };
}

/** Null: the end has not come. */
function contentOf(all: Buffer): Buffer | null {
  const command = 'zINSTREAM\0'.length;
  const chunks: Buffer[] = [];
  for (let at = command; at + 4 <= all.length; ) {
    const length = all.readUInt32BE(at);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(all.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return null;
}

describe('the virus scanner', () => {
  let scanning: RunningApp;
  let daemon: Awaited<ReturnType<typeof clamd>>;
  let evidence: EvidenceParts;
  const folder = mkdtempSync(join(tmpdir(), 'backcheck-scan-'));
  beforeAll(async () => {
    daemon = await clamd(600_000);
    const virusScan = { kind: 'clamd', host: '127.0.0.1', port: daemon.port } as const;
    const opened = await openEvidence(
      join(folder, 'files'),
      { ...standardEvidence(folder), virusScan, mostBytes: 1_000_000 },
      new Date(),
    );
    evidence = opened.evidence;
    scanning = await RunningApp.start(opened);
    await scanning.work();
  });
  afterAll(() => {
    daemon.server.close();
    rmSync(folder, { recursive: true });
  });

  async function settled(id: string): Promise<Upload> {
    for (let n = 0; n < 500; n++) {
      const one = await stateOf(scanning, id);
      if (one.state !== 'unscanned' || one.verdict !== null) return one;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('the scan did not end');
  }
  const accountId = async () =>
    (await scanning.parts.widePool.query(`select account_id as id from account where name = 'Tester'`))
      .rows[0].id;

  it('passes a clean file, which can be cited only then', async () => {
    const bytes = randomBytes(200_000);
    const id = await uploaded(scanning, bytes);
    expect(await settled(id)).toMatchObject({ state: 'ready', verdict: null });
    expect(daemon.seen).toContain(200_000);
  });

  it('refuses an infected one: it is deleted, cannot be cited, and the audit log says so', async () => {
    const bytes = Buffer.concat([Buffer.from('see attached '), EICAR]);
    const id = await uploaded(scanning, bytes);
    expect(await settled(id)).toMatchObject({ state: 'infected', verdict: 'Eicar-Signature' });
    const { widePool, files, clock } = scanning.parts;
    const taking = inTransaction(widePool, async (tx) =>
      fileOfUpload(tx, { clock, evidence }, { uploadId: id, accountId: await accountId() }),
    );
    await expect(taking).rejects.toThrow('UPLOAD_INFECTED');
    for (let n = 0; n < 1000 && (await files.stat(sha256(bytes))) !== null; n++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await files.stat(sha256(bytes))).toBeNull();
    const { rows } = await widePool.query(
      `select details from audit_entry where object_id = 'uploads/' || $1`,
      [id],
    );
    expect(rows.map(({ details }) => details.outcome)).toContain('infected');
  });

  it('that gives no verdict keeps the file waiting, and the refusal says so, unless the office wants otherwise', async () => {
    const id = await uploaded(scanning, randomBytes(700_000));
    expect(await settled(id)).toMatchObject({
      state: 'unscanned',
      verdict: expect.stringContaining('no verdict'),
    });
    const { widePool, clock } = scanning.parts;
    const taken = (takeUnscanned: boolean) =>
      inTransaction(widePool, async (tx) =>
        fileOfUpload(
          tx,
          { clock, evidence: { ...evidence, takeUnscanned } },
          { uploadId: id, accountId: await accountId() },
        ),
      );
    await expect(taken(false)).rejects.toThrow('UPLOAD_UNSCANNED');
    expect(await taken(true)).toMatchObject({ sizeBytes: 700_000 });
  });

  describe('of a file that comes with its request', () => {
    const sent = async (url: string, bytes: Buffer, fields: Readonly<Record<string, string>> = {}) => {
      const payload = new FormData();
      for (const [name, value] of Object.entries(fields)) payload.set(name, value);
      payload.set('file', new Blob([new Uint8Array(bytes)]), 'signed.pdf');
      return scanning.send({ method: 'POST', url: `/api/v1${url}`, payload });
    };
    const infected = () => Buffer.concat([randomBytes(20), EICAR]);
    const bothAnswers = async (url: string, fields: Readonly<Record<string, string>> = {}) => {
      const answers = [];
      for (const bytes of [infected(), randomBytes(700_000)]) {
        answers.push((await sent(url, bytes, fields)).json().code);
        expect(await scanning.parts.files.stat(sha256(bytes))).toBeNull();
      }
      return answers;
    };
    const REFUSED = ['UPLOAD_INFECTED', 'UPLOAD_UNSCANNED'];
    let organizationId: string;
    beforeAll(async () => {
      organizationId = await scanning.organization();
    });

    it('is asked before a claim has it as evidence', async () => {
      const organization = { organizationId, confirm: 'true' };
      const scan = await scanning.upload(sarif(['R1'], '2026-01-01T10:00:00Z'), organization);
      await scanning.settled(scan.json().id);
      const [finding] = (await scanning.get('/api/v1/findings')).json().items;
      const payload = { findingIds: [finding.id], cause: 'other', measure: 'done' };
      const claim = await scanning.send({ method: 'POST', url: '/api/v1/fix-claims', payload });
      expect(await bothAnswers(`/fix-claims/${claim.json().id}/evidence`)).toEqual(REFUSED);
      const bytes = randomBytes(20);
      expect((await sent('/fix-claims/999999/evidence', bytes)).statusCode).toBe(404);
      expect(await scanning.parts.files.stat(sha256(bytes))).toBeNull();
      const taken = await sent(`/fix-claims/${claim.json().id}/evidence`, randomBytes(20));
      expect(taken.json().evidence).toHaveLength(1);
    });

    it('is asked before a signed paper authorizes a test', async () => {
      const fields = { organizationId, terms: JSON.stringify(TERMS()) };
      expect(await bothAnswers('/authorizations', fields)).toEqual(REFUSED);
    });

    it('is asked before an office takes in its letter, which others open', async () => {
      // As the name of a part, which no packing hides.
      const zip = await Zip.load(await sampleTemplate('rectification', 'zh'));
      zip.setFile(`word/${EICAR}`, 'x');
      const letter = await zip.export(Buffer);
      const fields = { kind: 'rectification', language: 'zh' };
      expect((await sent('/notice-templates', letter, fields)).json().code).toBe('UPLOAD_INFECTED');
      expect(await scanning.parts.files.stat(sha256(letter))).toBeNull();
      const clean = await sampleTemplate('rectification', 'zh');
      expect((await sent('/notice-templates', clean, fields)).statusCode).toBe(201);
    });
  });

  it('that is away is no "clean"', async () => {
    const away = virusScanner({ kind: 'clamd', host: '127.0.0.1', port: 1 });
    await expect(away(once('x'))).rejects.toThrow('no verdict');
    const socket = virusScanner({ kind: 'clamd-socket', path: '/nowhere/clamd.sock' });
    await expect(socket(once('x'))).rejects.toThrow('no verdict');
  });

  it('may be a command that reads the file', async () => {
    const script = 'grep -q EICAR && { echo "stream: Test-Virus FOUND"; exit 1; }; exit 0';
    const scan = virusScanner({ kind: 'command', command: ['/bin/sh', '-c', script] });
    expect(await scan(once('clean'))).toEqual({ found: null });
    expect(await scan(once(`x ${EICAR.toString()}`))).toEqual({ found: 'Test-Virus' });
    const broken = virusScanner({ kind: 'command', command: ['/bin/sh', '-c', 'cat >/dev/null; exit 2'] });
    await expect(broken(once('x'))).rejects.toThrow('ended with 2');
    const missing = virusScanner({ kind: 'command', command: ['/nowhere/clamscan'] });
    await expect(missing(once('x'))).rejects.toThrow();
  });
});

async function* once(text: string) {
  yield Buffer.from(text);
}
