import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { BlobMissing, type BlobStat, type Blobs } from './blobs.ts';

/** A bucket that speaks the API of Amazon S3, by path style: `endpoint/bucket/name`. */
export interface S3Bucket {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The bucket answered, and not with what was asked for. */
export class BucketRefused extends Error {
  constructor(what: string, status: number, body: string) {
    const code = /<Code>([\w.]{1,100})<\/Code>/.exec(body)?.[1] ?? '';
    super(`The bucket refused to ${what}: HTTP ${status} ${code}`.trim());
    this.name = 'BucketRefused';
  }
}

/** Of one request, the first included. */
const ATTEMPTS = 4;
/** Milliseconds before the second one; twice as long before each further one. */
const FIRST_WAIT = 200;
/** A file that was put longer ago is put again when the same bytes come, so that nobody takes it for old. */
const FRESH = 3_600_000;

/** Only sealed bytes leave this machine; the bucket's operator can delete them and read nothing. */
export function s3Blobs({ endpoint, bucket, ...credentials }: S3Bucket): Blobs {
  const client = new AwsClient({ ...credentials, service: 's3', retries: 0 });
  const address = `${endpoint}/${encodeURIComponent(bucket)}`;
  const send: Send = (what, path, request = {}) =>
    withRetries(what, async () => client.fetch(`${address}${path}`, (await request.make?.()) ?? request));
  const at = (name: string) => `/sha256/${name.slice(0, 2)}/${name.slice(2)}`;
  return {
    put: async (name, local) => {
      const there = await statOf(send, at(name));
      if (there === null || there.putAt.getTime() < Date.now() - FRESH) await putFile(send, at(name), local);
      await rm(local, { force: true });
    },
    replace: async (name, local) => {
      await putFile(send, at(name), local);
      await rm(local, { force: true });
    },
    read: (name) => readObject(send, at(name), name),
    head: async (name, bytes) => {
      const range = { headers: { range: `bytes=0-${bytes - 1}` } };
      const answer = await send('read', at(name), range);
      if (answer.status === 404) throw new BlobMissing(name);
      // 416: an empty object has no first byte
      return answer.status === 416
        ? Buffer.alloc(0)
        : Buffer.from(await answer.arrayBuffer()).subarray(0, bytes);
    },
    writeHead: async () => false,
    remove: async (name, before) => {
      const there = await statOf(send, at(name));
      if (there !== null && there.putAt.getTime() >= before.getTime()) return false;
      if (there !== null) await send('delete', at(name), { method: 'DELETE' });
      return true;
    },
    stat: (name) => statOf(send, at(name)),
    names: () => listNames(send),
  };
}

interface Request extends RequestInit {
  /** Made anew for each attempt: a stream can be sent once. */
  readonly make?: () => Promise<RequestInit>;
}

/** Answers 2xx, 404 and 416; throws for every other status when it stays so. */
type Send = (what: string, path: string, request?: Request) => Promise<Response>;

/** Again after a fault of the network or of the bucket, a bounded number of times. */
async function withRetries(what: string, attempt: () => Promise<Response>): Promise<Response> {
  for (let number = 1; ; number++) {
    const last = number === ATTEMPTS;
    try {
      const answer = await attempt();
      if (answer.ok || answer.status === 404 || answer.status === 416) return answer;
      const refused = new BucketRefused(what, answer.status, await answer.text());
      if (last || (answer.status < 500 && answer.status !== 429)) throw refused;
    } catch (error) {
      if (last || error instanceof BucketRefused) throw error;
    }
    await sleep(FIRST_WAIT * 2 ** (number - 1));
  }
}

/** Null: it is not there. */
async function statOf(send: Send, path: string): Promise<BlobStat | null> {
  const { status, headers } = await send('look at a file', path, { method: 'HEAD' });
  if (status === 404) return null;
  const bytes = Number(headers.get('content-length') ?? 0);
  return { bytes, putAt: new Date(headers.get('last-modified') ?? 0) };
}

async function putFile(send: Send, path: string, local: string): Promise<void> {
  const { size } = await stat(local);
  await send('take a file', path, {
    make: async () => ({
      method: 'PUT',
      // The seal authenticates the bytes, and hashing them for the signature would read them twice.
      headers: { 'content-length': String(size), 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      body: Readable.toWeb(createReadStream(local)),
      duplex: 'half',
    }),
  });
}

async function* readObject(send: Send, path: string, name: string): AsyncGenerator<Uint8Array, void> {
  const answer = await send('read', path);
  if (answer.status === 404 || answer.body === null) throw new BlobMissing(name);
  yield* answer.body;
}

async function* listNames(send: Send): AsyncGenerator<string, void> {
  let after: string | undefined;
  do {
    const query = new URLSearchParams({ 'list-type': '2', prefix: 'sha256/' });
    if (after !== undefined) query.set('continuation-token', after);
    const text = await (await send('list its files', `?${query}`)).text();
    for (const [, first = '', rest = ''] of text.matchAll(
      /<Key>sha256\/([0-9a-f]{2})\/([0-9a-f]{62})<\/Key>/g,
    ))
      yield first + rest;
    after = /<NextContinuationToken>([^<]+)<\/NextContinuationToken>/.exec(text)?.[1];
  } while (after !== undefined);
}
