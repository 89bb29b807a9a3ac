import { type DecodedPacket, decode, encode, type Packet, RECURSION_DESIRED } from 'dns-packet';
import { NoAnswer } from '../connect.ts';
import type { Parsed } from '../conversation.ts';

export type DnsType = 'A' | 'SOA' | 'AXFR';

/** RFC 1035 section 4.1: one question. `id` tells the answer apart from what anybody else sends. */
export function dnsQuery(order: {
  readonly id: number;
  readonly name: string;
  readonly type: DnsType;
  readonly recursive: boolean;
}): Buffer {
  const { id, name, type, recursive } = order;
  const packet: Packet = {
    type: 'query',
    id,
    flags: recursive ? RECURSION_DESIRED : 0,
    questions: [{ type, name, class: 'IN' }],
  };
  return encode(packet);
}

/** RFC 1035 section 4.2.2: over TCP each message has its length before it. */
export function framed(message: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of((message.length >> 8) & 0xff, message.length & 0xff), message]);
}

export function parseFramed(bytes: Buffer): Parsed<Buffer> {
  if (bytes.length < 2) return { need: 2 };
  const length = bytes.readUInt16BE(0);
  return bytes.length < 2 + length ? { need: 2 + length } : { value: bytes.subarray(2, 2 + length) };
}

/** RFC 1035 section 4.1.1: the four bits RCODE; the library gives their names only. */
export interface DnsAnswer {
  readonly rcode: number;
  readonly recursionAvailable: boolean;
  readonly packet: DecodedPacket;
}

export const NOERROR = 0;
/** REFUSED (RFC 1035), NOTAUTH (RFC 8945 section 5.2; BIND sends it for a zone that it does not have). */
export const REFUSALS = [5, 9];

/** Throws `NoAnswer` for bytes that are no answer to this question. */
export function readDnsAnswer(
  bytes: Buffer,
  question: { readonly id: number; readonly name: string },
): DnsAnswer {
  const packet = decoded(bytes);
  const name = packet.questions?.[0]?.name.toLowerCase();
  const asked = question.name.toLowerCase().replace(/\.$/, '');
  const mine =
    packet.type === 'response' && packet.id === question.id && (name === undefined || name === asked);
  if (!mine) throw noDns();
  const flags = bytes.readUInt16BE(2);
  return { rcode: flags & 0xf, recursionAvailable: (flags & 0x80) !== 0, packet };
}

function decoded(bytes: Buffer): DecodedPacket {
  try {
    return decode(bytes);
  } catch (cause) {
    throw noDns(cause);
  }
}

const noDns = (cause?: unknown): NoAnswer =>
  new NoAnswer('CHECK_NOT_RUN', 'the server answers with something that is no DNS', {
    answered: true,
    cause,
  });
