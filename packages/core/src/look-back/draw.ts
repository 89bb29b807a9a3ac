import { SEVERITIES, type Severity } from '../observe/record.ts';
import { canonical } from '../prove/canonical.ts';
import { type Sha256, sha256Hex } from '../prove/hash.ts';
import { allocate } from './allocate.ts';

/** How a sample is drawn; docs/look-back.md. A changed way gets a new name. */
export const DRAW_METHOD = 'sha256-rank/1';

/** By what the closed findings are divided before the draw, so that each part is represented. */
export const LOOK_BACK_STRATA = ['none', 'severity', 'organization'] as const;
export type LookBackStrata = (typeof LOOK_BACK_STRATA)[number];

/** A closed finding that may be drawn: one line of the published list. */
export interface DrawEntry {
  /** Leaf hash of the certificate that closed it: nobody chooses it, and it stands in the ledger. */
  readonly certificate: Sha256;
  readonly finding: string;
  readonly organization: string;
  readonly severity: Severity;
}

/** Published before the population is known. */
export interface DrawPlan {
  /** 64 lower-case hex digits. */
  readonly seed: string;
  /** How many are drawn; null: all. */
  readonly sample: number | null;
  readonly strata: LookBackStrata;
}

/** The part of the population that an entry is in; '' where it is not divided. */
export const stratumOf = (entry: DrawEntry, strata: LookBackStrata): string =>
  strata === 'none' ? '' : entry[strata];

/** SHA-256 over the text of the seed, a zero byte and the text of the certificate's hash. The smallest are drawn. */
export const rankOf = (seed: string, certificate: Sha256): Sha256 => sha256Hex(`${seed}\0${certificate}`);

const byCertificate = (a: DrawEntry, b: DrawEntry): number =>
  a.certificate < b.certificate ? -1 : a.certificate > b.certificate ? 1 : 0;

/**
 * The entries that the plan draws, by certificate. It depends on nothing but the set of entries and the plan: whoever
 * has the list and the seed draws the same. `population` may have any order; each certificate stands in it once.
 */
export function drawSample(
  population: readonly DrawEntry[],
  { seed, sample, strata }: DrawPlan,
): DrawEntry[] {
  const parts = Map.groupBy(population, (entry) => stratumOf(entry, strata));
  const sizes = allocate(new Map([...parts].map(([stratum, { length }]) => [stratum, length])), sample);
  return [...parts]
    .flatMap(([stratum, entries]) => firstByRank(entries, seed, sizes.get(stratum) ?? 0))
    .sort(byCertificate);
}

function firstByRank(entries: readonly DrawEntry[], seed: string, count: number): DrawEntry[] {
  return entries
    .map((entry) => ({ entry, rank: rankOf(seed, entry.certificate) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ entry }) => entry);
}

/** A line of the published list, without its end: canonical JSON (RFC 8785). The list is sorted by certificate. */
export const drawLine = ({ certificate, finding, organization, severity }: DrawEntry): string =>
  canonical({ certificate, finding, organization, severity });

/** A line of a list that somebody else made. Null: not as `drawLine` writes it. */
export function readDrawLine(line: string): DrawEntry | null {
  const read = parsed(line);
  if (read === null) return null;
  const { certificate, finding, organization, severity } = read;
  const known = SEVERITIES.find((one) => one === severity);
  const fits = isText(certificate, HASH) && isText(finding, ID) && isText(organization, ID);
  if (!fits || known === undefined) return null;
  const entry: DrawEntry = { certificate, finding, organization, severity: known };
  return drawLine(entry) === line ? entry : null;
}

/** What the hash of a drawn sample is taken over, and what `backcheck draw` prints: ids of findings, by certificate. */
export const drawnText = (drawn: readonly DrawEntry[]): string =>
  drawn.map(({ finding }) => `${finding}\n`).join('');

const HASH = /^[0-9a-f]{64}$/;
const ID = /^[1-9][0-9]{0,17}$/;

const isText = (value: unknown, shape: RegExp): value is string =>
  typeof value === 'string' && shape.test(value);

function parsed(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
