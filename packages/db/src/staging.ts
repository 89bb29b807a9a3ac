import { createHash } from 'node:crypto';
import {
  type AssetRecord,
  type CoverageRecord,
  type ExplanationRecord,
  type Fact,
  identityOf,
  type ObservationRecord,
  ProfileLift,
  parsePorts,
  type RegisteredProfile,
  strongIdentifiers,
  VERDICTS,
  type WarningRecord,
} from '@backcheck/core';
import {
  credentialCode,
  evidenceCode,
  methodCode,
  multirangeOfPorts,
  reasonCode,
  severityCode,
  transportCode,
} from './codes.ts';
import { type Cell, copyLine, copyLines, hexBytes } from './copy.ts';
import type { Tx } from './pool.ts';

/** Temporary, of this transaction only: a killed import leaves nothing behind. */
const TABLES = `
create temp table st_visit (visit_no int, identity text, identifiers jsonb, reached boolean, reason smallint,
  started_at timestamptz, finished_at timestamptz, credential smallint, strong text[]) on commit drop;
create temp table st_coverage (visit_no int, transport smallint, ports int4multirange, set_no int, within text[],
  method smallint, evidence smallint, reason smallint, assumptions text[], lifted boolean) on commit drop;
create temp table st_observation (visit_no int, transport smallint, port int, check_no int, locus text, locus_key bytea,
  description_no int, verdict smallint, method smallint, credential smallint) on commit drop;
create temp table st_check (check_no int, name text, prefix text, number int) on commit drop;
create temp table st_set (set_no int, kind text, ids text[], numbers int4multirange) on commit drop;
create temp table st_description (description_no int, sha256 bytea, title text, severity smallint, cve text[], cwe text[], cvss text[]) on commit drop;
create temp table st_explanation (check_no int, sha256 bytea, description text, harm text, advice text) on commit drop;
`;

type Table =
  | 'st_visit'
  | 'st_coverage'
  | 'st_observation'
  | 'st_check'
  | 'st_set'
  | 'st_description'
  | 'st_explanation';

/** Rows wait until there are about this many characters of them; then one COPY takes them in. */
const BATCH = 4_000_000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Counts what passes, for progress and for the sheet. */
export interface StagedCounts {
  assets: number;
  reached: number;
  coverage: number;
  present: number;
  absent: number;
  error: number;
  warningsTotal: number;
  readonly warnings: WarningRecord[];
}

/**
 * Takes facts into temporary tables by COPY, in memory that does not grow with the scan except for
 * the dictionaries of its distinct assets, checks and descriptions.
 */
export class Staging {
  readonly counts: StagedCounts = {
    assets: 0,
    reached: 0,
    coverage: 0,
    present: 0,
    absent: 0,
    error: 0,
    warningsTotal: 0,
    warnings: [],
  };
  private readonly tx: Tx;
  /** The COPY under way: the next rows are put together while the database takes these in. */
  private writing: Promise<void> = Promise.resolve();
  private readonly rows = new Map<Table, { lines: string[]; size: number }>();
  private readonly visits = new Map<string, number>();
  private readonly checks = new Map<string, number>();
  private readonly sets = new Map<string, number>();
  private readonly descriptions = new Map<string, number>();
  /** The set that was asked for last: readers repeat one object for every asset. */
  private lastSet: { checks: CoverageRecord['checks']; number: number } | null = null;

  /** What the scan profile adds, as long as nothing speaks against it. */
  private readonly lift: ProfileLift | null;

  private constructor(tx: Tx, profile: RegisteredProfile | null) {
    this.tx = tx;
    this.lift = profile === null ? null : new ProfileLift(profile);
  }

  static async open(tx: Tx, profile: RegisteredProfile | null = null): Promise<Staging> {
    await tx.query(TABLES);
    return new Staging(tx, profile);
  }

  /** Takes back what the profile added: only the end of the file says of which tool and time the scan is. */
  async withoutProfile(warning: WarningRecord): Promise<void> {
    await this.tx.query('delete from st_coverage where lifted');
    this.counts.warningsTotal += 1;
    this.counts.warnings.unshift(warning);
    this.counts.warnings.splice(100);
  }

  async add(facts: readonly Fact[]): Promise<void> {
    for (const fact of facts) this.addOne(fact);
    for (const [table, { size }] of this.rows) if (size > BATCH) await this.flush(table);
  }

  async close(): Promise<void> {
    for (const table of this.rows.keys()) await this.flush(table);
    await this.writing;
    await this.tx.query('analyze st_visit; analyze st_coverage; analyze st_observation; analyze st_check');
  }

  /** Two visits to one asset are one asset. */
  async distinctAssets(): Promise<number> {
    const { rows } = await this.tx.query<{ assets: number }>(
      'select count(distinct identity)::int as assets from st_visit',
    );
    return rows[0]?.assets ?? 0;
  }

  private addOne(fact: Fact): void {
    switch (fact.record) {
      case 'asset':
        return this.addVisit(fact);
      case 'coverage':
        return this.addCoverage(fact);
      case 'observation':
        return this.addObservation(fact);
      case 'explanation':
        return this.addExplanation(fact);
      case 'warning':
        this.counts.warningsTotal += 1;
        if (this.counts.warnings.length < 100) this.counts.warnings.push(fact);
    }
  }

  private addVisit(asset: AssetRecord): void {
    this.counts.assets += 1;
    if (asset.reached) this.counts.reached += 1;
    this.push('st_visit', [
      this.visitNumber(asset.id),
      identityOf(asset.identifiers),
      JSON.stringify(asset.identifiers),
      asset.reached,
      asset.reason === undefined ? null : reasonCode.encode(asset.reason),
      asset.startedAt,
      asset.finishedAt,
      credentialCode.encode(asset.credential),
      strongIdentifiers(asset.identifiers),
    ]);
  }

  private addCoverage(record: CoverageRecord): void {
    this.counts.coverage += 1;
    this.pushCoverage(record);
    for (const lifted of this.lift?.lift(record) ?? []) this.pushCoverage(lifted);
  }

  private pushCoverage(record: CoverageRecord): void {
    this.push('st_coverage', [
      this.visitNumber(record.asset),
      transportCode.encode(record.transport),
      multirangeOfPorts(parsePorts(record.ports) ?? []),
      this.setNumber(record.checks),
      record.within,
      methodCode.encode(record.method),
      evidenceCode.encode(record.evidence),
      record.reason === undefined ? null : reasonCode.encode(record.reason),
      record.assumptions,
      record.profile !== undefined,
    ]);
  }

  private addObservation(record: ObservationRecord): void {
    this.counts[record.verdict] += 1;
    this.push('st_observation', [
      this.visitNumber(record.asset),
      transportCode.encode(record.transport),
      record.port,
      this.checkNumber(record.check),
      record.locus,
      record.locus === '' ? '\\x' : hexBytes(digest(record.locus).subarray(0, 16)),
      record.verdict === 'present' ? this.descriptionNumber(record) : null,
      VERDICTS.indexOf(record.verdict),
      methodCode.encode(record.method ?? 'remote'),
      record.credential === undefined ? null : credentialCode.encode(record.credential),
    ]);
  }

  private addExplanation({ check, description, harm, advice }: ExplanationRecord): void {
    const sha256 = hexBytes(digest(JSON.stringify([description, harm, advice])));
    this.push('st_explanation', [this.checkNumber(check), sha256, description, harm, advice]);
  }

  /** An asset's record may come after what was seen there: often only the end of a file says when it was. */
  private visitNumber(asset: string): number {
    return this.numbered(this.visits, asset, () => undefined);
  }

  private checkNumber(name: string): number {
    return this.numbered(this.checks, name, (number) => {
      const colon = name.indexOf(':');
      const native = name.slice(colon + 1);
      const prefix = colon < 0 ? name : name.slice(0, colon);
      this.push('st_check', [number, name, prefix, /^\d{1,9}$/.test(native) ? Number(native) : null]);
    });
  }

  private setNumber(checks: CoverageRecord['checks']): number {
    if (this.lastSet?.checks === checks) return this.lastSet.number;
    const number = this.numbered(this.sets, JSON.stringify(checks), (set) => {
      if ('ids' in checks) {
        for (const id of checks.ids) this.checkNumber(id);
        this.push('st_set', [set, 'ids', checks.ids, '{}']);
      } else if ('all' in checks) this.push('st_set', [set, 'all', [], '{}']);
      else this.push('st_set', [set, 'ranges', [], multirangeOfPorts(parsePorts(checks.ranges) ?? [])]);
    });
    this.lastSet = { checks, number };
    return number;
  }

  private descriptionNumber(record: ObservationRecord): number {
    const { title, severity, cve, cwe, cvss } = record;
    const text = JSON.stringify([title, severity, cve, cwe, cvss]);
    return this.numbered(this.descriptions, text, (number) => {
      const sha256 = hexBytes(digest(text));
      this.push('st_description', [number, sha256, title, severityCode.encode(severity), cve, cwe, cvss]);
    });
  }

  private numbered(dictionary: Map<string, number>, text: string, write: (number: number) => void): number {
    const known = dictionary.get(text);
    if (known !== undefined) return known;
    const number = dictionary.size + 1;
    dictionary.set(text, number);
    write(number);
    return number;
  }

  private push(table: Table, cells: readonly Cell[]): void {
    const line = copyLine(cells);
    const waiting = this.rows.get(table) ?? { lines: [], size: 0 };
    waiting.lines.push(line);
    waiting.size += line.length + 1;
    this.rows.set(table, waiting);
  }

  private async flush(table: Table): Promise<void> {
    const waiting = this.rows.get(table);
    if (waiting === undefined || waiting.lines.length === 0) return;
    this.rows.set(table, { lines: [], size: 0 });
    await this.writing;
    this.writing = copyLines(this.tx, table, waiting.lines);
    // A failure is thrown where it is awaited; until then it must not count as unhandled.
    this.writing.catch(() => undefined);
  }
}
