import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonical } from './canonical.ts';
import type { Sha256 } from './hash.ts';

/** RFC 6962 section 2.1: the prefixes keep a leaf from ever being read as an inner node. */
const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

/** The hash of the empty tree: SHA-256 of nothing. */
export const EMPTY_ROOT: Sha256 = bytesToHex(sha256(new Uint8Array()));

export function hashLeaf(content: Uint8Array): Sha256 {
  return bytesToHex(sha256(concatBytes(LEAF, content)));
}

/** The leaf hash of a record: SHA-256(0x00 || its canonical JSON in UTF-8). */
export function leafOf(record: unknown): Sha256 {
  return hashLeaf(utf8ToBytes(canonical(record)));
}

function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(NODE, left, right));
}

/** All levels of a tree, leaf hashes first, the root alone last; kept so that 100,000 proofs cost no second walk. */
export interface MerkleTree {
  readonly size: number;
  readonly root: Sha256;
  readonly levels: readonly (readonly Uint8Array[])[];
}

/**
 * The tree of RFC 6962 section 2.1 over leaf hashes, built in O(n). Pairing level by level and carrying
 * an odd last node up unchanged gives the same tree as the RFC's split at the largest power of two.
 */
export function merkleTree(leaves: readonly Sha256[]): MerkleTree {
  let level: readonly Uint8Array[] = leaves.map((leaf) => hexToBytes(leaf));
  const levels = [level];
  while (level.length > 1) {
    level = parentsOf(level);
    levels.push(level);
  }
  const top = level[0];
  return { size: leaves.length, root: top === undefined ? EMPTY_ROOT : bytesToHex(top), levels };
}

function parentsOf(level: readonly Uint8Array[]): Uint8Array[] {
  const parents: Uint8Array[] = [];
  for (let index = 0; index < level.length; index += 2) {
    const left = level[index];
    const right = level[index + 1];
    if (left !== undefined) parents.push(right === undefined ? left : hashNode(left, right));
  }
  return parents;
}

/** The audit path of RFC 6962 section 2.1.1, from the leaf's neighbour upwards. Throws RangeError outside of the tree. */
export function inclusionProof(tree: MerkleTree, index: number): Sha256[] {
  if (!Number.isInteger(index) || index < 0 || index >= tree.size) {
    throw new RangeError(`leaf ${index} of a tree of ${tree.size}`);
  }
  return tree.levels.flatMap((level, height) => {
    const sibling = level[Math.floor(index / 2 ** height) ^ 1];
    return sibling === undefined ? [] : [bytesToHex(sibling)];
  });
}

export interface Inclusion {
  readonly leaf: Sha256;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Sha256[];
  readonly root: Sha256;
}

const HASH = /^[0-9a-f]{64}$/;

/** RFC 9162 section 2.1.3.2, step by step. False also for anything that is no hash or no index. */
export function verifyInclusion({ leaf, index, size, proof, root }: Inclusion): boolean {
  const numbers = Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
  if (!numbers || ![leaf, root, ...proof].every((hash) => HASH.test(hash))) return false;
  let fn = index;
  let sn = size - 1;
  let hash: Uint8Array = hexToBytes(leaf);
  for (const step of proof) {
    if (sn === 0) return false;
    const neighbour = hexToBytes(step);
    if (fn % 2 === 1 || fn === sn) {
      hash = hashNode(neighbour, hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      hash = hashNode(hash, neighbour);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && bytesToHex(hash) === root;
}

/** Not `>> 1`: that would cut a size above 2^31. */
const half = (value: number): number => Math.floor(value / 2);
