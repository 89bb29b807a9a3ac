import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Who looks for viruses: clamd at an address or a socket, or a command that reads the file from its standard input. */
export type VirusScan =
  | { readonly kind: 'clamd'; readonly host: string; readonly port: number }
  | { readonly kind: 'clamd-socket'; readonly path: string }
  | { readonly kind: 'command'; readonly command: readonly [string, ...string[]] };

/** The name of what was found; null: nothing. */
export type Verdict = { readonly found: string | null };

export type VirusScanner = (bytes: AsyncIterable<Uint8Array>) => Promise<Verdict>;

/** Longer than the slowest scan of the largest file, shorter than for ever. Milliseconds without a sign of life. */
const PATIENCE = 120_000;

/** Throws when there is no verdict: the scanner is away, refuses the size, or failed. Silence is never "clean". */
export function virusScanner(by: VirusScan): VirusScanner {
  return by.kind === 'command'
    ? (bytes) => scanByCommand(by.command, bytes)
    : (bytes) =>
        scanByClamd(by.kind === 'clamd' ? { host: by.host, port: by.port } : { path: by.path }, bytes);
}

/** The command INSTREAM of clamd(8): chunks with their length before them, one of length 0 as the end. */
async function scanByClamd(
  address: { host: string; port: number } | { path: string },
  bytes: AsyncIterable<Uint8Array>,
): Promise<Verdict> {
  const socket = connect(address);
  socket.setTimeout(PATIENCE, () => socket.destroy(new Error('The virus scanner does not answer')));
  try {
    const answer = readAnswer(socket);
    // Both at once: clamd may answer, and close, before all was sent.
    await Promise.all([sendAll(socket, bytes, answer), answer]);
    return verdictOf(await answer);
  } catch (error) {
    throw new Error('The virus scanner gave no verdict', { cause: error });
  } finally {
    socket.destroy();
  }
}

async function sendAll(
  socket: Socket,
  bytes: AsyncIterable<Uint8Array>,
  answer: Promise<string>,
): Promise<void> {
  try {
    await pipeline(Readable.from(framed(bytes), { objectMode: false }), socket, { end: false });
  } catch (error) {
    // "INSTREAM size limit exceeded. ERROR" explains more than the broken pipe after it.
    if ((await answer.catch(() => '')) === '') throw error;
  }
}

async function* framed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from('zINSTREAM\0');
  const length = (of: number) => {
    const four = Buffer.alloc(4);
    four.writeUInt32BE(of);
    return four;
  };
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue;
    yield length(chunk.length);
    yield chunk;
  }
  yield length(0);
}

const MOST_ANSWER = 4096;

function readAnswer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('data', (chunk) => {
      text = (text + chunk.toString('utf8')).slice(0, MOST_ANSWER);
      if (text.includes('\0')) resolve(text.slice(0, text.indexOf('\0')));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The virus scanner closed the connection')));
  });
}

/** `stream: OK`, `stream: NAME FOUND`, or a sentence that ends in ERROR. */
function verdictOf(answer: string): Verdict {
  const [, found] = /^stream: (.+) FOUND$/.exec(answer) ?? [];
  if (found !== undefined) return { found };
  if (answer === 'stream: OK') return { found: null };
  throw new Error(`It said: ${answer}`);
}

/** As clamscan(1) and clamdscan(1) end: 0 nothing found, 1 something, all else no verdict. */
async function scanByCommand(
  [program, ...parameters]: readonly [string, ...string[]],
  bytes: AsyncIterable<Uint8Array>,
): Promise<Verdict> {
  const child = spawn(program, parameters, { stdio: ['pipe', 'pipe', 'ignore'], timeout: PATIENCE * 5 });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(0, MOST_ANSWER);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // It may find something in the first bytes and end: then there is nobody to write to, and a verdict.
  const [code] = await Promise.all([ended, feed(bytes, child.stdin)]);
  if (code === 0) return { found: null };
  if (code === 1) return { found: /: (.+) FOUND$/m.exec(text)?.[1] ?? 'something' };
  throw new Error(`The virus scanner ended with ${code ?? 'a signal'}`);
}

const feed = (bytes: AsyncIterable<Uint8Array>, into: Writable): Promise<void> =>
  pipeline(Readable.from(bytes, { objectMode: false }), into).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ENOENT')
      throw error;
  });
