import { hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256Hex } from './hash.ts';
import {
  EMPTY_ROOT,
  hashLeaf,
  type Inclusion,
  inclusionProof,
  merkleTree,
  verifyInclusion,
} from './merkle.ts';

/** The eight leaves and roots that Certificate Transparency implementations test with (RFC 6962 reference code). */
const CT_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const CT_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = CT_LEAVES.map((hex) => hashLeaf(hexToBytes(hex)));

/** The definition of RFC 6962 section 2.1, word by word: slow, and the judge of the fast one. */
function rootByDefinition(hashes: readonly string[]): string {
  const [only] = hashes;
  if (only === undefined) return sha256Hex('');
  if (hashes.length === 1) return only;
  const split = 2 ** Math.floor(Math.log2(hashes.length - 1));
  const halves = rootByDefinition(hashes.slice(0, split)) + rootByDefinition(hashes.slice(split));
  return sha256Hex(hexToBytes(`01${halves}`));
}

const manyLeaves = (size: number) => Array.from({ length: size }, (_, index) => sha256Hex(`leaf ${index}`));

function inclusionIn(size: number, index: number): Inclusion {
  const all = manyLeaves(size);
  const tree = merkleTree(all);
  return { leaf: all[index] ?? '', index, size, proof: inclusionProof(tree, index), root: tree.root };
}

/** A tree and one of its leaves. */
const placed = fc
  .integer({ min: 1, max: 130 })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat({ max: size - 1 }) }));

function flipBit(hash: string, bit: number): string {
  const bytes = hexToBytes(hash);
  const at = Math.floor(bit / 8) % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

describe('the Merkle tree (RFC 6962 section 2.1)', () => {
  test('of nothing is the hash of nothing', () => {
    expect(merkleTree([]).root).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(EMPTY_ROOT).toBe(merkleTree([]).root);
  });

  test.each(CT_ROOTS.map((root, index) => [index + 1, root] as const))(
    'of the first %i leaves of Certificate Transparency has the known root',
    (size, root) => {
      expect(merkleTree(leaves.slice(0, size)).root).toBe(root);
    },
  );

  test('has the known audit paths of Certificate Transparency', () => {
    expect(inclusionProof(merkleTree(leaves), 5)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(inclusionProof(merkleTree(leaves.slice(0, 3)), 2)).toEqual([CT_ROOTS[1]]);
  });

  test('built level by level is the tree of the definition', () => {
    for (let size = 0; size <= 70; size += 1) {
      expect(merkleTree(manyLeaves(size)).root).toBe(rootByDefinition(manyLeaves(size)));
    }
  });

  test('a proof is asked for a leaf that exists', () => {
    for (const index of [-1, 8, 0.5, Number.NaN])
      expect(() => inclusionProof(merkleTree(leaves), index)).toThrow(RangeError);
  });
});

describe('an inclusion proof (RFC 9162 section 2.1.3.2)', () => {
  test('verifies for every leaf of every tree', () => {
    for (const size of [1, 2, 3, 5, 8, 31, 33]) {
      for (let index = 0; index < size; index += 1)
        expect(verifyInclusion(inclusionIn(size, index))).toBe(true);
    }
  });

  test('fails when any bit of the leaf, the root or the path is another', () => {
    fc.assert(
      fc.property(placed, fc.nat({ max: 255 }), fc.nat(), ({ size, index }, bit, which) => {
        const good = inclusionIn(size, index);
        const hashes = [good.leaf, good.root, ...good.proof];
        const turned = hashes.map((hash, at) => (at === which % hashes.length ? flipBit(hash, bit) : hash));
        const [leaf = '', root = '', ...proof] = turned;
        expect(verifyInclusion({ ...good, leaf, root, proof })).toBe(false);
      }),
    );
  });

  test('fails at any other index', () => {
    fc.assert(
      fc.property(placed, fc.nat({ max: 129 }), ({ size, index }, other) => {
        fc.pre(other !== index);
        expect(verifyInclusion({ ...inclusionIn(size, index), index: other })).toBe(false);
      }),
    );
  });

  test('fails with a step left out, doubled or swapped', () => {
    fc.assert(
      fc.property(placed, ({ size, index }) => {
        const good = inclusionIn(size, index);
        const { proof } = good;
        expect(verifyInclusion({ ...good, proof: [...proof, good.leaf] })).toBe(false);
        if (proof.length > 0) expect(verifyInclusion({ ...good, proof: proof.slice(1) })).toBe(false);
        if (proof.length > 1) expect(verifyInclusion({ ...good, proof: proof.toReversed() })).toBe(false);
      }),
    );
  });

  test('fails, and does not throw, for what is no hash and no number', () => {
    const good = inclusionIn(5, 2);
    const bad: Partial<Inclusion>[] = [
      { leaf: 'xyz' },
      { root: good.root.toUpperCase() },
      { proof: [...good.proof.slice(1), ''] },
      { index: -1 },
      { index: 0.5 },
      { size: 0 },
      { size: Number.NaN },
      { size: Number.POSITIVE_INFINITY },
    ];
    for (const change of bad) expect(verifyInclusion({ ...good, ...change })).toBe(false);
  });

  test('is small and right for 100,000 leaves', () => {
    const all = manyLeaves(100_000);
    const tree = merkleTree(all);
    for (const index of [0, 1, 65_535, 65_536, 98_304, 99_999]) {
      const proof = inclusionProof(tree, index);
      expect(proof.length).toBeLessThanOrEqual(17);
      expect(verifyInclusion({ leaf: all[index] ?? '', index, size: 100_000, proof, root: tree.root })).toBe(
        true,
      );
    }
  });
});
