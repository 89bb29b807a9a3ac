import type { Fact, ObservationRecord, Reason, WarningRecord } from '@backcheck/core';
import { Explanations } from '../explanation.ts';
import { type JsonRecord, walkJsonRecords } from '../json-lines.ts';
import { textAt } from '../json-value.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { severityOfWord } from '../severity.ts';
import { type Visit, VisitLog } from '../visit-log.ts';
import { cveIds, cweIds } from '../weakness-ids.ts';
import { zonedInstant } from '../zoned-instant.ts';
import { LineTimes } from './line-times.ts';
import { classified, inputOf, locusOf, namesInput, type Place, placeOf, type Row, rowOf } from './row.ts';
import { type Afterwards, type Silence, Silences } from './silence.ts';

/**
 * Nuclei's JSON (`-jsonl`, `-json-export`), with or without `-matcher-status`. Without it the file names matches
 * only and proves nothing. With it every template has a line for every input: one without match and without error
 * proves the absence at that port and path (E3); COVERAGE.md section 1 has the doubts that lower it. The file has
 * no end mark: each line speaks for itself alone.
 */
export const nucleiReader: Reader = {
  format: 'nuclei',
  detect: (head) =>
    /^\s*(?:\[\s*)?\{/.test(head) && /"template-?id"\s*:\s*"/i.test(head) && /"info"\s*:\s*\{/.test(head),
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const run = new NucleiRun();
    try {
      const walk = walkJsonRecords(bytes);
      for (;;) {
        const step = await walk.next();
        if (step.done === true) {
          const { truncated, warnings } = step.value;
          if (warnings.length > 0) yield [...warnings];
          yield* run.finish();
          return run.head(truncated);
        }
        yield step.value.flatMap((record) => run.take(record));
      }
    } finally {
      run.close();
    }
  },
};

/** More templates than Nuclei has. */
const MAX_UNPLACED = 20_000;
/** Share of refusals among the answers of an asset, above which something filters the scan (COVERAGE.md 5.9). */
const MOST_REFUSED = 0.05;

/** Inputs of which the place is remembered. */
const MAX_SPOTS = 10_000;

/** How an asset behaved in the run. */
interface Conduct {
  answers: number;
  refusals: number;
  /** Number of the last error, as `Silences.mark` gives it. */
  erred: number;
}

interface Spot {
  readonly place: Place;
  readonly visit: Visit;
  readonly conduct: Conduct;
  readonly silences: Map<string, Silence>;
}

class NucleiRun implements Afterwards {
  readonly #visits = new VisitLog();
  readonly #silences = new Silences();
  readonly #times = new LineTimes();
  readonly #explanations = new Explanations();
  readonly #conducts: Conduct[] = [];
  /** By address, with all that was read to find the place. */
  readonly #spots = new Map<string, { readonly input: readonly unknown[]; readonly spot: Spot }>();
  /** Templates of matches that name no place: nobody knows of which asset. */
  readonly #unplaced = new Set<string>();
  #sound = true;

  take({ value, line }: JsonRecord): Fact[] {
    const row = rowOf(value);
    if (row === undefined) {
      this.#sound = false;
      return [badRecord('a line without the id of a template', line)];
    }
    const spot = row.matched ? this.#newSpot(value) : this.#spotOf(value);
    if (spot === undefined) return this.#takeUnplaced(row, line);
    const { visit } = spot;
    visit.seenAt(this.#times.read(textAt(value, 'timestamp')));
    if (row.matched || row.error === '') takeAnswer(row, spot);
    if (row.error !== '') this.#takeError(row, spot);
    else if (!row.matched && spot.place.repeatable)
      this.#silences.add(silenceAt(spot, row, null), row.template);
    if (!row.matched) return [];
    const seen = presence(row, spot);
    return [seen, ...this.#explanations.of(seen.check, () => wordsOf(value))];
  }

  *finish(): Generator<Fact[]> {
    yield* this.#visits.assets();
    yield* this.#silences.coverage(this);
  }

  head(truncated: boolean): ScanHead {
    const { startedAt, finishedAt } = this.#visits;
    const tool = { name: 'nuclei', version: null, feed: null };
    return { tool, startedAt, finishedAt, complete: this.#sound && !truncated, truncated };
  }

  close(): void {
    this.#silences.close();
  }

  erredAfter(asset: string, number: number): boolean {
    return this.#conductOf(asset).erred > number;
  }

  refused(asset: string): boolean {
    const { answers, refusals } = this.#conductOf(asset);
    return refusals > answers * MOST_REFUSED;
  }

  unplaced(template: string): boolean {
    return this.#unplaced.has(template);
  }

  #spotOf(value: unknown): Spot | undefined {
    const address = textAt(value, 'url') ?? textAt(value, 'host') ?? '';
    const known = this.#spots.get(address);
    if (known !== undefined && namesInput(value, known.input)) return known.spot;
    const spot = this.#newSpot(value);
    if (this.#spots.size >= MAX_SPOTS) this.#spots.clear();
    if (spot !== undefined) this.#spots.set(address, { input: inputOf(value), spot });
    return spot;
  }

  #newSpot(value: unknown): Spot | undefined {
    const place = placeOf(value);
    if (place === undefined) return undefined;
    const visit = this.#visits.visit(place.addressed, place.others);
    return { place, visit, conduct: this.#conductOf(visit.id), silences: new Map() };
  }

  #takeUnplaced({ template, matched, error }: Row, line: number): Fact[] {
    if (!matched && error === '') return [];
    if (matched && this.#unplaced.size < MAX_UNPLACED) this.#unplaced.add(template);
    else this.#sound = false;
    return [badRecord(`a line of ${template} names no asset`, line)];
  }

  #takeError(row: Row, spot: Spot): void {
    const { visit, conduct } = spot;
    const skipped = /\bhost was skipped\b/i.test(row.error);
    if (skipped) visit.reason = 'BLOCKED';
    else if (!visit.reached) visit.reason ??= 'NO_HOST';
    conduct.erred = this.#silences.mark(visit.id);
    if (row.matched) return;
    const timedOut = /time(?:d\s)?-?out|deadline/i.test(row.error);
    const failure = skipped ? 'BLOCKED' : timedOut ? 'TIMEOUT' : 'CHECK_NOT_RUN';
    this.#silences.add(silenceAt(spot, row, failure), row.template);
  }

  #conductOf(asset: string): Conduct {
    const number = Number(asset.slice(1));
    const known = this.#conducts[number] ?? { answers: 0, refusals: 0, erred: 0 };
    this.#conducts[number] = known;
    return known;
  }
}

function takeAnswer({ refused }: Row, { visit, conduct }: Spot): void {
  visit.reached = true;
  if (visit.reason === 'NO_HOST') visit.reason = undefined;
  conduct.answers += 1;
  if (refused) conduct.refusals += 1;
}

function silenceAt({ place, visit, silences }: Spot, row: Row, failure: Reason | null): Silence {
  const { method } = row;
  // Another value of a parameter may lead to another page.
  const doubts = place.path.includes('?') ? [...row.doubts, 'A-key'] : row.doubts;
  const key = `${method} ${failure} ${doubts.length === 0 ? '' : doubts.join()}`;
  const known = silences.get(key);
  if (known !== undefined) return known;
  // A skipped input was not taken apart, and protocols other than HTTP and DNS do not name the port that they tried.
  const exact = place.repeatable && (failure !== 'BLOCKED' || place.port === 0);
  const where = exact
    ? { transport: place.transport, ports: String(place.port), path: place.path }
    : { transport: 'tcp' as const, ports: '0-65535', path: null };
  const silence = { asset: visit.id, ...where, method, doubts: failure === null ? doubts : [], failure };
  silences.set(key, silence);
  return silence;
}

function presence({ value, template, method }: Row, { place, visit }: Spot): ObservationRecord {
  const vectors = classified(value, 'cvss-metrics').filter((one) => typeof one === 'string');
  return {
    record: 'observation',
    asset: visit.id,
    transport: place.transport,
    port: place.port,
    check: `nuclei:${template}`,
    locus: locusOf(value, place),
    verdict: 'present',
    title: textAt(value, 'info', 'name') ?? template,
    severity: severityOfWord(textAt(value, 'info', 'severity')),
    cve: cveIds(template, ...classified(value, 'cve-id')),
    cwe: cweIds(...classified(value, 'cwe-id')),
    cvss: vectors.filter((one) => /^CVSS:[34]/.test(one)),
    at: zonedInstant(textAt(value, 'timestamp')),
    method,
  };
}

/** What the template says of itself (model.Info of Nuclei). */
const wordsOf = (value: unknown) => ({
  description: textAt(value, 'info', 'description') ?? '',
  harm: textAt(value, 'info', 'impact') ?? '',
  advice: textAt(value, 'info', 'remediation') ?? '',
});

function badRecord(message: string, line: number): WarningRecord {
  return { record: 'warning', code: 'BAD_RECORD', message, line };
}
