import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEvidenceKeys, rotateEvidenceKeys } from '../keys/evidence-keys.ts';
import { BlobMissing } from './blobs.ts';
import { type FileStore, openFileStore } from './file-store.ts';
import { type S3Bucket, s3Blobs } from './s3-blobs.ts';

interface Bucketeer {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
// It brings no types.
const S3rver: new (options: object) => Bucketeer = createRequire(import.meta.url)('s3rver');

let folder: string;
let server: Bucketeer;
let bucket: S3Bucket;
let store: FileStore;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backcheck-s3-'));
  server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: join(folder, 'bucket'),
    configureBuckets: [{ name: 'evidence' }],
  });
  const { port } = await server.run();
  bucket = {
    endpoint: `http://127.0.0.1:${port}`,
    bucket: 'evidence',
    region: 'us-east-1',
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
  };
  store = await open(bucket);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const keyFile = () => join(folder, 'keys.json');
const open = async (of: S3Bucket) =>
  openFileStore({
    folder: join(folder, 'files'),
    keys: await openEvidenceKeys(keyFile(), new Date()),
    now: new Date(),
    blobs: s3Blobs(of),
  });

async function stored(content: Buffer | string): Promise<string> {
  const pending = await store.receive(Readable.from([Buffer.from(content)]));
  await pending.keep();
  return pending.sha256;
}

const everyByte = () =>
  readdirSync(join(folder, 'bucket'), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'))
    .join('\n');

describe('a bucket that speaks S3', () => {
  it('keeps files as a folder does, and sees none of them in clear', async () => {
    const content = Buffer.concat([Buffer.from('the pump controller'), randomBytes(1_000_000)]);
    const name = await stored(content);
    expect(name).toBe(createHash('sha256').update(content).digest('hex'));
    expect((await buffer(store.read(name))).equals(content)).toBe(true);
    expect(everyByte()).not.toContain('pump controller');
    expect(readdirSync(join(folder, 'files/incoming'))).toEqual([]);
  });

  it('keeps the same bytes once', async () => {
    const before = await stored('twice');
    const there = everyByte();
    await stored('twice');
    expect(everyByte()).toBe(there);
    expect((await buffer(store.read(before))).toString()).toBe('twice');
  });

  it('says what is not there', async () => {
    await expect(buffer(store.read('0'.repeat(64)))).rejects.toThrow(BlobMissing);
  });

  it('brings a file under a new key and lists and removes it', async () => {
    const name = await stored('a scan');
    await rotateEvidenceKeys(keyFile(), new Date());
    expect(await store.renew(name)).toBe('rewrapped');
    expect(await store.renew(name)).toBe('current');
    expect((await buffer(store.read(name))).toString()).toBe('a scan');
    const names: string[] = [];
    for await (const one of store.names()) names.push(one);
    expect(names).toContain(name);
    expect(await store.remove(name, new Date(Date.now() - 60_000))).toBe(false);
    expect(await store.remove(name, new Date(Date.now() + 60_000))).toBe(true);
    await expect(buffer(store.read(name))).rejects.toThrow(BlobMissing);
  });

  it('that refuses the credentials is a fault which names neither of them', async () => {
    const wrong = { ...bucket, accessKeyId: 'somebody else' };
    await expect(open(wrong)).rejects.toThrow(/HTTP 403 InvalidAccessKeyId$/);
  });

  it('that fails is asked again, a bounded number of times', async () => {
    let asked = 0;
    const failing = createServer((_request, answer) => {
      asked++;
      answer.writeHead(asked < 3 ? 503 : 404).end();
    });
    await new Promise<void>((done) => failing.listen(0, '127.0.0.1', done));
    const { port } = failing.address() as AddressInfo;
    const blobs = s3Blobs({ ...bucket, endpoint: `http://127.0.0.1:${port}` });
    await expect(blobs.head('0'.repeat(64), 8)).rejects.toThrow(BlobMissing);
    expect(asked).toBe(3);
    asked = -100;
    await expect(blobs.head('0'.repeat(64), 8)).rejects.toThrow(/HTTP 503/);
    expect(asked).toBe(-96);
    await new Promise((done) => failing.close(done));
  });
});
