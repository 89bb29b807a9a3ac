import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { EvidenceKey, EvidenceKeys } from '../keys/evidence-keys.ts';

/**
 * The head of a sealed file: 8 bytes that say what it is, then two places of 64 bytes for its own key, wrapped under a key
 * of the store (AES-256-GCM): id of that key (4, big-endian; 0: empty), nonce (12), wrapped key (32), tag (16). What the
 * file is called is authenticated with it, so that no sealed file can stand in for another.
 *
 * Two places, because the head is written in place when keys rotate: the one that is in force is never overwritten before
 * the other one is on the disk.
 */
export const HEAD_BYTES = 136;

const MAGIC = Buffer.from('BCSEAL\x00\x01', 'latin1');
const PLACE_BYTES = 64;
const PLACES = [MAGIC.length, MAGIC.length + PLACE_BYTES] as const;

/** It is not what was stored: changed, cut, of another name, or under a key that is not there. Never the reader's fault. */
export class SealBroken extends Error {
  constructor(why: string, cause?: unknown) {
    super(why, { cause });
    this.name = 'SealBroken';
  }
}

export const isSealed = (head: Uint8Array): boolean => MAGIC.equals(head.subarray(0, MAGIC.length));

export const newFileKey = (): Buffer => randomBytes(32);

/** The head of a new file; the second place is empty. */
export function headOf(fileKey: Buffer, name: string, key: EvidenceKey): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  wrap(fileKey, name, key).copy(head, PLACES[0]);
  return head;
}

/** Under which keys it is wrapped, those of damaged places included. */
const wrappedUnder = (head: Buffer): number[] =>
  PLACES.map((place) => head.readUInt32BE(place)).filter((id) => id !== 0);

/** @throws SealBroken when no place opens */
export async function fileKeyOf(head: Buffer, name: string, keys: EvidenceKeys): Promise<Buffer> {
  if (head.length < HEAD_BYTES || !isSealed(head)) throw new SealBroken(`${name} has no head`);
  const places = PLACES.map((start) => head.subarray(start, start + PLACE_BYTES));
  let cause: unknown;
  let known = false;
  for (const place of places) {
    const key = await keys.find(place.readUInt32BE(0));
    if (key === null) continue;
    known = true;
    try {
      return unwrap(place, name, key);
    } catch (error) {
      cause = error;
    }
  }
  if (known) throw new SealBroken(`The head of ${name} was changed, or is that of another file`, cause);
  const ids = wrappedUnder(head).map((id) => id.toString(16).padStart(8, '0'));
  throw new SealBroken(`${name} is sealed under ${ids.join(' and ')}, which the key file does not hold`);
}

/** The head under the current key, with the place in force left as it is; null: it is under that key already. */
export async function rewrapped(head: Buffer, name: string, keys: EvidenceKeys): Promise<Buffer | null> {
  const current = await keys.current();
  const fileKey = await fileKeyOf(head, name, keys);
  const inForce = await placeInForce(head, name, keys);
  if (head.readUInt32BE(inForce) === current.id) return null;
  const after = Buffer.from(head);
  wrap(fileKey, name, current).copy(after, inForce === PLACES[0] ? PLACES[1] : PLACES[0]);
  return after;
}

/** Of two that open, the one under the newer key: it was written later. */
async function placeInForce(head: Buffer, name: string, keys: EvidenceKeys): Promise<number> {
  const current = await keys.current();
  let opens: number = PLACES[0];
  for (const place of PLACES) {
    const key = await keys.find(head.readUInt32BE(place));
    if (key === null) continue;
    try {
      unwrap(head.subarray(place, place + PLACE_BYTES), name, key);
    } catch {
      continue;
    }
    opens = place;
    if (key.id === current.id) return place;
  }
  return opens;
}

function wrap(fileKey: Buffer, name: string, { id, secret }: EvidenceKey): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(id);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(bound(head, name));
  return Buffer.concat([head, nonce, cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
}

function unwrap(place: Buffer, name: string, { secret }: EvidenceKey): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', secret, place.subarray(4, 16))
    .setAAD(bound(place.subarray(0, 4), name))
    .setAuthTag(place.subarray(48, 64));
  return Buffer.concat([decipher.update(place.subarray(16, 48)), decipher.final()]);
}

const bound = (id: Buffer, name: string): Buffer => Buffer.concat([MAGIC, id, Buffer.from(name)]);
