import { type ExplanationRecord, foldWorld, type ScanFacts, type WorldFinding } from '@backcheck/core';
import { collectScan, readScan } from '../read-scan.ts';
import type { ReadOptions } from '../reader.ts';
import { imported } from './scan-of.ts';

async function* inPieces(content: string | Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content as string); // Buffer.from takes both; its overloads do not say so together
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** Reads a file the way the product does: format by content, facts tidied, hash and times filled in. */
export function gather(
  content: string | Uint8Array,
  options: ReadOptions = {},
  size = 10_000,
): Promise<ScanFacts> {
  return collectScan(readScan(inPieces(content, size), options));
}

/** What a file says of its checks, by check, as an import takes it in. */
export async function explanationsOf(
  content: string | Uint8Array,
): Promise<Record<string, Partial<Pick<ExplanationRecord, 'description' | 'harm' | 'advice'>>>> {
  const found = new Map<string, object>();
  for await (const facts of readScan(inPieces(content, 10_000))) {
    for (const fact of facts) {
      if (fact.record !== 'explanation' || found.has(fact.check)) continue;
      const { record: _, check, ...words } = fact;
      found.set(check, Object.fromEntries(Object.entries(words).filter(([, text]) => text !== '')));
    }
  }
  return Object.fromEntries(found);
}

/** "nessus:51192 443" -> "verified-fixed", or "open PORT_OUTSIDE" where a later scan did not close it. */
export function statesOf(scans: readonly ScanFacts[]): Record<string, string> {
  const name = ({ key }: WorldFinding) =>
    [key.check, ...(key.port === 0 ? [] : [key.port]), key.locus].join(' ').trim();
  const state = (one: WorldFinding) => (one.reason === null ? one.state : `${one.state} ${one.reason}`);
  return Object.fromEntries(foldWorld(scans.map(imported)).map((one) => [name(one), state(one)]));
}
