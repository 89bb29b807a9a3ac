import {
  type AssetRecord,
  type Checks,
  type CoverageRecord,
  CREDENTIALS,
  EVIDENCE,
  type ExplanationRecord,
  IDENTIFIER_KINDS,
  type Identifier,
  type Instant,
  METHODS,
  type ObservationRecord,
  parsePorts,
  REASONS,
  type ScanRecord,
  SEVERITIES,
  TRANSPORTS,
  VERDICTS,
  type WarningRecord,
} from '@backcheck/core';
import { countAt, textAt, valueAt } from '../json-value.ts';
import { zonedInstant } from '../zoned-instant.ts';

export interface EndRecord {
  readonly record: 'end';
  readonly assets: number;
  readonly observations: number;
  readonly coverage: number;
  readonly warnings: number;
  /** Missing in files of before there were explanations. */
  readonly explanations?: number;
}

export type ReadRecord =
  | Omit<ScanRecord, 'format' | 'sha256'>
  | AssetRecord
  | CoverageRecord
  | ObservationRecord
  | ExplanationRecord
  | WarningRecord
  | EndRecord;

/** Reads one record of docs/read-records.schema.json. Undefined when any part of it is missing or wrong; unknown keys are dropped. */
export function readRecord(value: unknown): ReadRecord | undefined {
  switch (valueAt(value, 'record')) {
    case 'scan':
      return readScanRecord(value);
    case 'asset':
      return readAsset(value);
    case 'coverage':
      return readCoverage(value);
    case 'observation':
      return readObservation(value);
    case 'explanation':
      return readExplanation(value);
    case 'warning':
      return readWarning(value);
    case 'end':
      return readEnd(value);
    default:
      return undefined;
  }
}

type Parts<T> = { readonly [K in keyof T]: T[K] | undefined };

/** All parts, or nothing where one could not be read. */
function whole<T extends object>(parts: Parts<T>): T | undefined {
  return Object.values(parts).includes(undefined) ? undefined : (parts as T); // no part is undefined, as just seen
}

/** A key that may be missing; when it is there, its value must be readable. */
function maybe<K extends string, T>(
  value: unknown,
  key: K,
  read: (part: unknown) => T,
): { readonly [P in K]?: T } {
  const part = valueAt(value, key);
  return part === undefined ? {} : ({ [key]: read(part) } as { readonly [P in K]?: T }); // the one key that was asked for
}

function member<T>(list: readonly T[]): (part: unknown) => T | undefined {
  return (part) => list.find((one) => one === part);
}

function texts(part: unknown, shape: RegExp): string[] | undefined {
  if (!Array.isArray(part)) return undefined;
  return part.every((one) => typeof one === 'string' && shape.test(one)) ? part : undefined;
}

function textIn(value: unknown, key: string, shape: RegExp): string | undefined {
  const text = textAt(value, key);
  return text !== undefined && shape.test(text) ? text : undefined;
}

function instantAt(value: unknown, key: string): Instant | null | undefined {
  if (valueAt(value, key) === null) return null;
  return zonedInstant(textAt(value, key)) ?? undefined;
}

function boolean(part: unknown): boolean | undefined {
  return typeof part === 'boolean' ? part : undefined;
}

const ANY = /^/;
const SOME = /\S/;
const CHECK = /^[^:]+:./;
const ASSUMPTION = /^A-[a-z]+(?:-[a-z]+)*$/;

function readScanRecord(value: unknown): Omit<ScanRecord, 'format' | 'sha256'> | undefined {
  const text = (key: string) => (valueAt(value, 'tool', key) === null ? null : textAt(value, 'tool', key));
  const tool = whole<ScanRecord['tool']>({
    name: textIn(valueAt(value, 'tool'), 'name', /^[\w.-]+$/),
    version: text('version'),
    feed: text('feed'),
  });
  return whole<Omit<ScanRecord, 'format' | 'sha256'>>({
    record: 'scan',
    tool,
    startedAt: instantAt(value, 'startedAt'),
    finishedAt: instantAt(value, 'finishedAt'),
    timeSource: member(['file', 'declared', 'none'] as const)(valueAt(value, 'timeSource')),
    complete: boolean(valueAt(value, 'complete')),
    ...maybe(value, 'truncated', member([true] as const)),
  });
}

function readAsset(value: unknown): AssetRecord | undefined {
  return whole<AssetRecord>({
    record: 'asset',
    id: textIn(value, 'id', SOME),
    identifiers: readIdentifiers(valueAt(value, 'identifiers')),
    reached: boolean(valueAt(value, 'reached')),
    startedAt: instantAt(value, 'startedAt'),
    finishedAt: instantAt(value, 'finishedAt'),
    credential: member(CREDENTIALS)(valueAt(value, 'credential')),
    ...maybe(value, 'reason', member(REASONS)),
  });
}

function readIdentifiers(list: unknown): Identifier[] | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const read = list.map((one) =>
    whole<Identifier>({
      kind: member(IDENTIFIER_KINDS)(valueAt(one, 'kind')),
      value: textIn(one, 'value', SOME),
    }),
  );
  const known = read.filter((one) => one !== undefined);
  return known.length === list.length ? known : undefined;
}

function readCoverage(value: unknown): CoverageRecord | undefined {
  const coverage = whole<CoverageRecord>({
    record: 'coverage',
    asset: textIn(value, 'asset', SOME),
    transport: member(TRANSPORTS)(valueAt(value, 'transport')),
    ports: portsText(valueAt(value, 'ports')),
    checks: readChecks(valueAt(value, 'checks')),
    method: member(METHODS)(valueAt(value, 'method')),
    evidence: member(EVIDENCE)(valueAt(value, 'evidence')),
    assumptions: texts(valueAt(value, 'assumptions'), ASSUMPTION),
    ...maybe(value, 'within', (part) => texts(part, ANY)),
    ...maybe(value, 'reason', member(REASONS)),
  });
  const unnamed = coverage?.evidence === 'E1' && coverage.assumptions.length === 0;
  return unnamed ? undefined : coverage;
}

function portsText(part: unknown): string | undefined {
  if (typeof part !== 'string') return undefined;
  const last = parsePorts(part)?.at(-1);
  return last !== undefined && last[1] <= 65_535 ? part : undefined;
}

function readChecks(part: unknown): Checks | undefined {
  // Of two statements the wider one would count.
  if (Object.keys(Object(part)).length !== 1) return undefined;
  if (valueAt(part, 'all') === true) return { all: true };
  const ranges = textAt(part, 'ranges');
  if (ranges !== undefined) return parsePorts(ranges) === null ? undefined : { ranges };
  const ids = texts(valueAt(part, 'ids'), CHECK);
  return ids && { ids };
}

function readObservation(value: unknown): ObservationRecord | undefined {
  const port = countAt(value, 'port');
  return whole<ObservationRecord>({
    record: 'observation',
    asset: textIn(value, 'asset', SOME),
    transport: member(TRANSPORTS)(valueAt(value, 'transport')),
    port: port !== undefined && port <= 65_535 ? port : undefined,
    check: textIn(value, 'check', CHECK),
    locus: textAt(value, 'locus'),
    verdict: member(VERDICTS)(valueAt(value, 'verdict')),
    title: textIn(value, 'title', SOME),
    severity: member(SEVERITIES)(valueAt(value, 'severity')),
    cve: texts(valueAt(value, 'cve'), /^CVE-\d{4}-\d{4,}$/),
    cwe: texts(valueAt(value, 'cwe'), /^CWE-\d+$/),
    cvss: texts(valueAt(value, 'cvss'), ANY),
    at: instantAt(value, 'at'),
    ...maybe(value, 'method', member(METHODS)),
    ...maybe(value, 'credential', member(CREDENTIALS)),
  });
}

function readExplanation(value: unknown): ExplanationRecord | undefined {
  return whole<ExplanationRecord>({
    record: 'explanation',
    check: textIn(value, 'check', CHECK),
    description: textAt(value, 'description'),
    harm: textAt(value, 'harm'),
    advice: textAt(value, 'advice'),
  });
}

function readWarning(value: unknown): WarningRecord | undefined {
  return whole<WarningRecord>({
    record: 'warning',
    code: textIn(value, 'code', /^[A-Z][A-Z0-9_]*$/),
    message: textIn(value, 'message', /./),
    ...maybe(value, 'line', () => countAt(value, 'line')),
  });
}

function readEnd(value: unknown): EndRecord | undefined {
  return whole<EndRecord>({
    record: 'end',
    assets: countAt(value, 'assets'),
    observations: countAt(value, 'observations'),
    coverage: countAt(value, 'coverage'),
    warnings: countAt(value, 'warnings'),
    ...maybe(value, 'explanations', () => countAt(value, 'explanations')),
  });
}
