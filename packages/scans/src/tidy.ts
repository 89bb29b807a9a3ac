import { createHash } from 'node:crypto';
import {
  type AssetRecord,
  type CoverageRecord,
  type ExplanationRecord,
  type Fact,
  type Identifier,
  type ObservationRecord,
  parsePorts,
  type ScanRecord,
  SEVERITIES,
  TRANSPORTS,
  VERDICTS,
  type WarningRecord,
} from '@backcheck/core';

const MAX_TITLE = 500;
/** Fits, with the other parts of a finding's key, into one page of a database index. */
const MAX_LOCUS = 600;
const MAX_NAME = 300;
const MAX_LIST = 500;
const MAX_EXPLANATION = 4000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go (a key is joined by U+001F, PostgreSQL takes no NUL)
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g;
const WORDY = /^[\x20-\x7e]*$/;

/**
 * The last gate between what a file says and what Backcheck believes: bounds, known values, plain text.
 * A record that cannot be saved becomes a warning BAD_RECORD; then the caller must not claim that the scan is complete.
 */
export function tidyFact(fact: Fact): Fact {
  switch (fact.record) {
    case 'asset':
      return tidyAsset(fact);
    case 'coverage':
      return tidyCoverage(fact);
    case 'observation':
      return tidyObservation(fact);
    case 'explanation':
      return tidyExplanation(fact);
    case 'warning':
      return { ...fact, message: plain(fact.message, MAX_TITLE) };
  }
}

/** The name as the checks of the tool are written, and texts that the database takes. */
export function tidyTool({ name, version, feed }: ScanRecord['tool']): ScanRecord['tool'] {
  const tidied = (text: string | null): string | null => (text === null ? null : plain(text, MAX_NAME));
  return { name: bounded(plainText(name), MAX_NAME), version: tidied(version), feed: tidied(feed) };
}

function tidyAsset(fact: AssetRecord): AssetRecord | WarningRecord {
  const identifiers = distinct(fact.identifiers.map(tidyIdentifier).filter((one) => one.value !== ''));
  if (identifiers.length === 0) return bad(`asset ${fact.id} has no identifier`);
  return { ...fact, identifiers };
}

function tidyIdentifier({ kind, value }: Identifier): Identifier {
  return { kind, value: plain(value, MAX_LOCUS) };
}

function distinct(identifiers: readonly Identifier[]): Identifier[] {
  const each = new Map(identifiers.map((one) => [`${one.kind}:${one.value}`, one]));
  return [...each.values()].slice(0, MAX_LIST);
}

/** A file repeats one range text of 13 kB for every asset; it is looked at once. */
let soundRanges = '';

function tidyCoverage(fact: CoverageRecord): CoverageRecord | WarningRecord {
  const { checks } = fact;
  if ('ranges' in checks && checks.ranges !== soundRanges) {
    if (parsePorts(checks.ranges) === null) return bad(`coverage of ${fact.asset} names no number ranges`);
    soundRanges = checks.ranges;
  }
  const ports = parsePorts(fact.ports);
  const last = ports?.at(-1);
  if (last === undefined || last[1] > 65_535)
    return bad(`coverage of ${fact.asset} names no ports 0 to 65535`);
  const unnamed = fact.evidence === 'E1' && fact.assumptions.length === 0;
  if (unnamed) return bad(`coverage of ${fact.asset} assumes something without saying what`);
  const ids = 'ids' in checks ? tidyList(checks.ids, MAX_NAME) : undefined;
  const within = fact.within === undefined ? undefined : tidyList(fact.within, MAX_LOCUS);
  if (within === fact.within && (ids === undefined || ('ids' in checks && ids === checks.ids))) return fact;
  return {
    ...fact,
    ...(ids === undefined ? {} : { checks: { ids } }),
    ...(within === undefined ? {} : { within }),
  };
}

/** A reader gives one list of checks for every asset; it is looked at once. */
const tidied = new WeakMap<readonly string[], readonly string[]>();

/** The names as those of observations are written, or they would not meet. */
function tidyList(list: readonly string[], max: number): readonly string[] {
  const before = tidied.get(list);
  if (before !== undefined) return before;
  const clean = list.map((one) => bounded(plainText(one), max));
  const after = clean.every((one, index) => one === list[index]) ? list : clean;
  tidied.set(list, after);
  return after;
}

function tidyObservation(fact: ObservationRecord): ObservationRecord | WarningRecord {
  const sound =
    Number.isInteger(fact.port) &&
    fact.port >= 0 &&
    fact.port <= 65_535 &&
    TRANSPORTS.includes(fact.transport) &&
    VERDICTS.includes(fact.verdict) &&
    SEVERITIES.includes(fact.severity);
  if (!sound) return bad(`an observation of ${fact.check} has a port, verdict or severity out of bounds`);
  const check = bounded(plainText(fact.check), MAX_NAME);
  const locus = bounded(plainText(fact.locus), MAX_LOCUS);
  const title = plain(fact.title, MAX_TITLE) || check;
  const long = [fact.cve, fact.cwe, fact.cvss].some((list) => list.length > MAX_LIST);
  // Most records are in order as they are, and there are millions.
  if (!long && check === fact.check && locus === fact.locus && title === fact.title) return fact;
  const [cve, cwe, cvss] = [
    fact.cve.slice(0, MAX_LIST),
    fact.cwe.slice(0, MAX_LIST),
    fact.cvss.slice(0, MAX_LIST),
  ];
  return { ...fact, check, locus, title, cve, cwe, cvss };
}

function tidyExplanation({ check, description, harm, advice }: ExplanationRecord): ExplanationRecord {
  return {
    record: 'explanation',
    check: bounded(plainText(check), MAX_NAME),
    description: paragraphs(description),
    harm: paragraphs(harm),
    advice: paragraphs(advice),
  };
}

/** Lines without what pads them, at most one of them empty between two others. */
function paragraphs(text: string): string {
  const lines = text.slice(0, 4 * MAX_EXPLANATION).split(/\r\n?|\n/);
  const joined = lines.map((line) => plainText(line).trim()).join('\n');
  const clean = joined.replace(/\n{3,}/g, '\n\n').trim();
  return clean.length <= MAX_EXPLANATION ? clean : `${clean.slice(0, MAX_EXPLANATION - 1).toWellFormed()}…`;
}

/** One line of text without control characters and lone surrogates. */
function plainText(text: string): string {
  return WORDY.test(text) ? text : text.replace(CONTROL, ' ').toWellFormed();
}

function plain(text: string, max: number): string {
  const trimmed = plainText(text).trim();
  return trimmed.length <= max ? trimmed : `${trimmed.slice(0, max - 1).toWellFormed()}…`;
}

/** Shortens and stays distinct: two long loci must not become one finding. The place before "#" stays where it fits. */
function bounded(text: string, max: number): string {
  if (text.length <= max) return text;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
  const mark = text.indexOf('#');
  const place = mark > 0 && mark < max - 40 ? text.slice(0, mark) : text.slice(0, max - 40);
  return `${place.toWellFormed()}#${digest}`;
}

function bad(message: string): WarningRecord {
  return { record: 'warning', code: 'BAD_RECORD', message: plain(message, MAX_TITLE) };
}
