import type { Parsed } from '../conversation.ts';

/** What a server says to a ClientHello. `garbage`: it does not speak the protocol. */
export type HelloAnswer =
  | { readonly kind: 'accepted'; readonly version: number; readonly suite: number }
  | { readonly kind: 'refused'; readonly alert: number }
  | { readonly kind: 'garbage' };

const GARBAGE: Parsed<HelloAnswer> = { value: { kind: 'garbage' } };
const ALERT = 21;
const HANDSHAKE = 22;
/** RFC 5246 section 6.2.3: 2^14 and what encryption may add. */
const LONGEST_RECORD = 16_384 + 2048;
/** A ServerHello of a hundred bytes needs one. */
const MOST_PIECES = 16;
const FATAL = 2;
const SERVER_HELLO = 2;

/**
 * Reads records until the ServerHello or a fatal alert: RFC 8446 sections 5.1, 4.1.3 and 6. All of it comes from
 * the server: each length is held against what may stand there before it is believed.
 */
export function parseServerHello(bytes: Buffer): Parsed<HelloAnswer> {
  const handshake: Buffer[] = [];
  for (let at = 0; ; ) {
    if (bytes.length < at + 5) return couldBeRecord(bytes, at) ? { need: at + 5 } : GARBAGE;
    const [type, length] = [bytes.readUInt8(at), bytes.readUInt16BE(at + 3)];
    if (!couldBeRecord(bytes, at) || length === 0 || length > LONGEST_RECORD) return GARBAGE;
    if (bytes.length < at + 5 + length) return { need: at + 5 + length };
    const body = bytes.subarray(at + 5, at + 5 + length);
    if (type === ALERT) {
      if (length !== 2) return GARBAGE;
      if (body.readUInt8(0) === FATAL) return { value: { kind: 'refused', alert: body.readUInt8(1) } };
    } else {
      handshake.push(body);
      if (handshake.length > MOST_PIECES) return GARBAGE;
      const parsed = helloIn(Buffer.concat(handshake));
      if (parsed !== undefined) return { value: parsed };
    }
    at += 5 + length;
  }
}

function couldBeRecord(bytes: Buffer, at: number): boolean {
  const [type, major] = [bytes[at], bytes[at + 1]];
  return (type === undefined || type === ALERT || type === HANDSHAKE) && (major === undefined || major === 3);
}

/** Undefined when there is not enough of the message. */
function helloIn(message: Buffer): HelloAnswer | undefined {
  if (message.readUInt8(0) !== SERVER_HELLO) return { kind: 'garbage' };
  if (message.length < 4) return undefined;
  const length = message.readUIntBE(1, 3);
  if (length < 38 || length > LONGEST_RECORD) return { kind: 'garbage' };
  if (message.length < 4 + length) return undefined;
  return readHello(message.subarray(4, 4 + length));
}

function readHello(body: Buffer): HelloAnswer {
  const session = body.readUInt8(34);
  const at = 35 + session;
  if (session > 32 || body.length < at + 3) return { kind: 'garbage' };
  const suite = body.readUInt16BE(at);
  return { kind: 'accepted', version: selectedVersion(body.subarray(at + 3)) ?? body.readUInt16BE(0), suite };
}

/** The extension supported_versions, where TLS 1.3 says what it chose (RFC 8446 section 4.2.1). */
function selectedVersion(rest: Buffer): number | undefined {
  for (let at = 2; at + 4 <= rest.length; ) {
    const length = rest.readUInt16BE(at + 2);
    if (rest.readUInt16BE(at) === 43 && length === 2 && at + 6 <= rest.length)
      return rest.readUInt16BE(at + 4);
    at += 4 + length;
  }
  return undefined;
}

export type Ssl2Answer =
  | { readonly kind: 'accepted'; readonly kinds: readonly number[] }
  | { readonly kind: 'refused' }
  | { readonly kind: 'garbage' };

/** SERVER-HELLO (section 2.6 of the SSL 2.0 draft), ERROR, or the alert of a server that only knows its successors. */
export function parseSsl2Answer(bytes: Buffer): Parsed<Ssl2Answer> {
  if (bytes.length < 3) return { need: 3 };
  if (bytes.readUInt8(0) === ALERT && bytes.readUInt8(1) === 3) {
    const parsed = parseServerHello(bytes);
    if ('need' in parsed) return parsed;
    return { value: { kind: parsed.value.kind === 'refused' ? 'refused' : 'garbage' } };
  }
  const header = bytes.readUInt16BE(0);
  const length = header & 0x7fff;
  if ((header & 0x8000) === 0 || length < 3) return { value: { kind: 'garbage' } };
  if (bytes.length < 2 + length) return { need: 2 + length };
  const body = bytes.subarray(2, 2 + length);
  if (body.readUInt8(0) === 0 && length === 3) return { value: { kind: 'refused' } };
  return { value: readSsl2Hello(body) };
}

function readSsl2Hello(body: Buffer): Ssl2Answer {
  if (body.length < 11 || body.readUInt8(0) !== 4 || body.readUInt16BE(3) !== 0x0002)
    return { kind: 'garbage' };
  const [certificate, specs] = [body.readUInt16BE(5), body.readUInt16BE(7)];
  const at = 11 + certificate;
  if (specs % 3 !== 0 || body.length < at + specs) return { kind: 'garbage' };
  const kinds = Array.from({ length: specs / 3 }, (_, step) => body.readUIntBE(at + step * 3, 3));
  return { kind: 'accepted', kinds };
}
