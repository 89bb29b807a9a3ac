import { StringDecoder } from 'node:string_decoder';
import type { WarningRecord } from '@backcheck/core';
import { UnreadableScan } from './reader.ts';

/** Largest piece handed on at once, in bytes: what a reader collects between two drains grows with it. */
const PIECE = 128 * 1024;
/** So much is looked at to tell the encoding. */
const SNIFF = 64 * 1024;

interface Decoder {
  write(piece: Uint8Array): string;
  end(): string;
}

/**
 * The text of the bytes, in pieces of bounded size, without a byte order mark.
 * The encoding is that of the byte order mark, else of the XML declaration, else UTF-8 (XML 1.0 appendix F.1); a
 * table or list without a declaration that is no UTF-8 but sound GB18030 is that: so Excel saves CSV in China.
 * Wrong bytes become U+FFFD (`wrongBytes` warns of them) and never stop the walk: a tool that prints a server's banner
 * writes what it got.
 * Throws `UnreadableScan` ENCODING for an encoding that the platform does not know.
 */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: Decoder | undefined;
  let first = true;
  for await (const piece of pieces(bytes)) {
    decoder ??= decoderFor(piece);
    const text = decoder.write(piece);
    if (text.length === 0) continue;
    yield first ? withoutMark(text) : text;
    first = false;
  }
  const rest = decoder?.end() ?? '';
  if (rest.length > 0) yield rest;
}

/** The warning for text in which bytes were replaced; undefined when there were none. */
export function wrongBytes(text: string, line: number): WarningRecord | undefined {
  if (!text.includes('\ufffd')) return undefined;
  const message = 'bytes that are no text in the encoding of the file were replaced';
  return { record: 'warning', code: 'WRONG_BYTES', message, line };
}

/** The first bytes as text, for detection. A last character that is cut in the middle is left out. */
export function decodeHead(head: Uint8Array): string {
  return withoutMark(decoderFor(head).write(head));
}

/** Cuts to `PIECE` and makes the first piece long enough to see the declaration, however the source is chunked. */
async function* pieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | undefined = new Uint8Array(0);
  for await (const chunk of bytes) {
    let ready: Uint8Array = chunk;
    if (start !== undefined) {
      ready = start.length === 0 ? chunk : Buffer.concat([start, chunk]);
      if (ready.length < SNIFF) {
        start = ready;
        continue;
      }
      start = undefined;
    }
    for (let at = 0; at < ready.length; at += PIECE) yield ready.subarray(at, at + PIECE);
  }
  if (start !== undefined && start.length > 0) yield start;
}

function decoderFor(start: Uint8Array): Decoder {
  const name = encodingOf(start);
  // StringDecoder gives one-byte strings for ASCII, which saxes walks faster than what a streaming TextDecoder gives.
  if (name === 'utf-8') {
    const decoder = new StringDecoder('utf8');
    return {
      write: (piece) => decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)),
      end: () => decoder.end(),
    };
  }
  try {
    const decoder = new TextDecoder(name, { fatal: false, ignoreBOM: true });
    return { write: (piece) => decoder.decode(piece, { stream: true }), end: () => decoder.decode() };
  } catch (cause) {
    throw new UnreadableScan(
      'ENCODING',
      `the file says that its encoding is "${name}", which is not known`,
      1,
      cause,
    );
  }
}

function encodingOf(start: Uint8Array): string {
  const [a, b, c] = start;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a !== undefined && a !== 0 && b === 0) return 'utf-16le';
  if (a === 0 && b !== undefined && b !== 0) return 'utf-16be';
  const declaration = Buffer.from(start.subarray(0, 1024)).toString('latin1');
  const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']{1,40})["']/
    .exec(declaration)?.[1]
    ?.toLowerCase();
  if (declared === undefined) return /^\s*[<[{]/.test(declaration) ? 'utf-8' : undeclared(start);
  // The bytes before this point were read as single bytes, so a declared UTF-16 cannot be true.
  return /^(utf-?8|us-ascii|ascii|utf-?16.*)$/.test(declared) ? 'utf-8' : declared;
}

function undeclared(start: Uint8Array): string {
  // A last character may be cut in the middle.
  const whole = (encoding: string): boolean => {
    try {
      new TextDecoder(encoding, { fatal: true }).decode(start.subarray(0, SNIFF), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  return !whole('utf-8') && whole('gb18030') ? 'gb18030' : 'utf-8';
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
