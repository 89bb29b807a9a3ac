import type { AssetRecord, Fact, Identifier, Instant } from '@backcheck/core';
import { HeldRows } from '../held-rows.ts';
import { hostIdentifier } from '../host-identifier.ts';
import { walkJson } from '../json.ts';
import { textAt } from '../json-value.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { zonedInstant } from '../zoned-instant.ts';
import { isTested, serverFacts, serverOf } from './server.ts';

/**
 * The JSON of sslyze (`--json_out`), versions 3 to 6. Every scan command of every server says whether it was
 * completed and what came out: an explicit verdict (E3); ciphers stand in a finished list (E2).
 */
export const sslyzeReader: Reader = {
  format: 'sslyze',
  detect: (head) =>
    /^\s*\{/.test(head) &&
    /"server_scan_results"\s*:\s*\[/.test(head) &&
    /"(sslyze_version|date_scans_started|server_location|connectivity_status|scan_commands)"\s*:/.test(head),
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const run = new SslyzeRun();
    try {
      const walk = walkJson(bytes, [
        'server_scan_results',
        'invalid_server_strings',
        'server_connectivity_errors',
      ]);
      for (;;) {
        const step = await walk.next();
        if (step.done !== true) {
          yield step.value.elements.flatMap(({ keys, value, line }) => run.take(keys[0], value, line));
          continue;
        }
        const { document, truncated, warnings } = step.value;
        const times = { startedAt: at(document, 'started'), finishedAt: at(document, 'completed') };
        yield [...warnings];
        yield* run.assets(times);
        const tool = { name: 'sslyze', version: textAt(document, 'sslyze_version') ?? null, feed: null };
        return { tool, ...times, complete: !truncated && !run.damaged, truncated };
      }
    } finally {
      run.close();
    }
  },
};

/** Written without a zone; sslyze takes both from its UTC clock (sslyze/__main__.py). */
function at(document: unknown, what: string): Instant | null {
  const text = textAt(document, `date_scans_${what}`) ?? '';
  return zonedInstant(text) ?? zonedInstant(`${text}Z`);
}

type Undated = Omit<AssetRecord, 'startedAt' | 'finishedAt'>;

class SslyzeRun {
  damaged = false;
  /** They wait for the times, which stand at either end of the file. */
  readonly #assets = new HeldRows<Undated>();
  #count = 0;

  take(list: string | number | undefined, value: unknown, line: number): Fact[] {
    if (list !== 'server_scan_results') return this.#untested(textAt(value, 'server_string') ?? '', line);
    const server = serverOf(value);
    if (server === undefined) return this.#bad('a server without a usable name or address and port', line);
    const tested = isTested(value);
    const asset = this.#add(server.identifiers, tested);
    return tested ? serverFacts(value, server, asset) : [];
  }

  *assets(times: Pick<AssetRecord, 'startedAt' | 'finishedAt'>): Generator<AssetRecord[]> {
    for (const rows of this.#assets.batches()) yield rows.map((row) => ({ ...row, ...times }));
  }

  close(): void {
    this.#assets.close();
  }

  /** "www.example.org:443": a target that could not be resolved or, before version 5, not be connected to. */
  #untested(target: string, line: number): Fact[] {
    const host = hostIdentifier(target.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''));
    if (host === undefined) return this.#bad('a target that is no name or address', line);
    this.#add([host], false);
    return [];
  }

  #add(identifiers: readonly Identifier[], reached: boolean): string {
    this.#count += 1;
    const asset = { record: 'asset', id: `a${this.#count}`, identifiers, credential: 'none' } as const;
    this.#assets.add(reached ? { ...asset, reached } : { ...asset, reached, reason: 'NO_HOST' });
    return asset.id;
  }

  #bad(what: string, line: number): Fact[] {
    this.damaged = true;
    return [{ record: 'warning', code: 'BAD_RECORD', message: `${what} was left out`, line }];
  }
}
