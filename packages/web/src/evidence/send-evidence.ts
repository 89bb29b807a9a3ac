import { CSRF_HEADER, Upload } from '@backcheck/contract';
import { DetailedError, defaultOptions, Upload as TusUpload } from 'tus-js-client';
import { get, readAnswer, Unreachable } from '../app/request.ts';

/** Milliseconds before each further try when the line is lost; from the first one again as soon as anything arrives. */
const RETRIES = [0, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000];
/** Milliseconds between two looks at what the virus scanner says. */
const LOOK = 1500;
/** The server gives up what nobody went on with for so long. Milliseconds. */
const KEPT = 2 * 86_400_000;
/** Bytes: a larger file would have to be in memory whole to be hashed here. */
const MOST_HASHED = 100_000_000;

/** It arrived as something else than was sent. */
export class ArrivedDifferent extends Error {
  constructor() {
    super('the hash of what arrived is another one');
    this.name = 'ArrivedDifferent';
  }
}

/** The virus scanner found something. */
export class Infected extends Error {
  readonly found: string;

  constructor(found: string) {
    super(`the virus scanner found ${found}`);
    this.name = 'Infected';
    this.found = found;
  }
}

export interface Arrived {
  readonly upload: Upload;
  /** Whether this browser has hashed the file as well and got the same; it may be too large for that. */
  readonly compared: boolean;
}

export interface Steps {
  /** Gets the share that has arrived, 0 to 1. */
  readonly onProgress: (share: number) => void;
  /** Some of it had arrived before: it goes on from this share. */
  readonly onResumed: (share: number) => void;
  /** The line is lost; it goes on by itself. */
  readonly onLost: () => void;
  /** All of it is there, and the virus scanner has not passed it; `why` it does not answer, once it said. */
  readonly onScanning: (why: string | null) => void;
}

export interface Sending {
  readonly done: Promise<Arrived>;
  /** Gives it up, here and there. */
  readonly stop: () => void;
  /** The screen is left: gives it up unless it has arrived, because then something may be taking it. */
  readonly leave: () => void;
}

/** Sends one file by tus, compares hashes, and waits until it may be used. */
export function sendEvidence(file: File, steps: Steps): Sending {
  const stopped = new AbortController();
  const { sent, abort } = send(file, steps);
  const hashed = hashOf(file);
  const done = (async (): Promise<Arrived> => {
    const id = await sent;
    const upload = await usable(id, steps, stopped.signal);
    const own = await hashed;
    if (own !== null && own !== upload.sha256) {
      // Never gone on with: the next try begins anew.
      abort();
      throw new ArrivedDifferent();
    }
    return { upload, compared: own !== null };
  })();
  let hasArrived = false;
  done.then(
    () => {
      hasArrived = true;
    },
    () => undefined,
  );
  const stop = () => {
    stopped.abort();
    abort();
  };
  return { done, stop, leave: () => (hasArrived ? undefined : stop()) };
}

/** Addresses that this page sends to: a file that is chosen twice is sent twice. */
const inUse = new Set<string>();

function send(
  file: File,
  { onProgress, onResumed, onLost }: Steps,
): { sent: Promise<string>; abort: () => void } {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const upload = new TusUpload(file, {
    endpoint: '/api/v1/uploads',
    headers: { [CSRF_HEADER]: '1' },
    metadata: { filename: file.name },
    retryDelays: RETRIES,
    // Name, size and time of a file tell what was sent of it before a reload; only the account that began it can go on.
    storeFingerprintForResuming: true,
    onUploadUrlAvailable: () => inUse.add(upload.url ?? ''),
    onAfterResponse: (request, response) => {
      const offset = Number(response.getHeader('Upload-Offset') ?? 0);
      if (request.getMethod() === 'HEAD' && offset > 0) onResumed(offset / file.size);
    },
    onProgress: (bytes, all) => onProgress(all > 0 ? bytes / all : 1),
    onShouldRetry: ({ originalResponse }) => {
      const status = originalResponse?.getStatus() ?? 0;
      const again = status === 0 || status >= 500 || status === 409;
      if (again) onLost();
      return again;
    },
    onSuccess: () => resolve(upload.url?.split('/').at(-1) ?? ''),
    onError: (error) => reject(refusalOf(error)),
  });
  let unwatch: () => void = () => undefined;
  const stopped = new AbortController();
  void goOn(upload).then(() => {
    if (stopped.signal.aborted) return;
    upload.start();
    unwatch = watchLine(upload, onLost);
  });
  const free = () => {
    unwatch();
    inUse.delete(upload.url ?? '');
  };
  // What has arrived is this form's until it is taken back.
  void promise.then(() => unwatch(), free);
  return {
    sent: promise,
    abort: () => {
      stopped.abort();
      free();
      void upload.abort(true).catch(() => undefined);
    },
  };
}

/** Goes on with what an earlier page sent of the same file, and forgets what the server has given up. */
async function goOn(upload: TusUpload): Promise<void> {
  const { urlStorage } = defaultOptions;
  for (const { urlStorageKey, creationTime } of await urlStorage.findAllUploads())
    if (Date.parse(creationTime) < Date.now() - KEPT) await urlStorage.removeUpload(urlStorageKey);
  const before = await upload.findPreviousUploads();
  const last = before.findLast(({ uploadUrl }) => uploadUrl !== null && !inUse.has(uploadUrl));
  if (last?.uploadUrl == null) return;
  inUse.add(last.uploadUrl);
  upload.resumeFromPreviousUpload(last);
}

/** A request that hangs on a dead line would wait for minutes: the browser knows sooner that it is off and on the net. */
function watchLine(upload: TusUpload, onLost: () => void): () => void {
  let isAway = false;
  const away = () => {
    isAway = true;
    onLost();
    void upload.abort();
  };
  const back = () => {
    if (isAway) upload.start();
    isAway = false;
  };
  addEventListener('offline', away);
  addEventListener('online', back);
  return () => {
    removeEventListener('offline', away);
    removeEventListener('online', back);
  };
}

/** What the server said, where it did. */
function refusalOf(error: Error): unknown {
  const answer = error instanceof DetailedError ? error.originalResponse : null;
  if (answer === null || answer === undefined) return new Unreachable('network', error);
  try {
    return readAnswer({ parse: () => error }, { status: answer.getStatus(), body: answer.getBody() });
  } catch (refusal) {
    return refusal;
  }
}

async function usable(id: string, { onScanning }: Steps, signal: AbortSignal): Promise<Upload> {
  for (;;) {
    const upload = await get(Upload, `/uploads/${id}`, signal);
    if (upload.state === 'infected') throw new Infected(upload.verdict ?? '');
    if (upload.usable) return upload;
    onScanning(upload.verdict);
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}

/** Hex; null where it cannot be done here: too large, or a page without TLS, which has no `subtle`. */
async function hashOf(file: File): Promise<string | null> {
  if (file.size > MOST_HASHED || globalThis.crypto?.subtle === undefined) return null;
  try {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch {
    // It was moved or changed while it was read: what arrived is acknowledged by its own hash all the same.
    return null;
  }
}
