import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import {
  type AssetRecord,
  type CoverageRecord,
  checkPrefix,
  type Fact,
  type Identifier,
  type Instant,
  type ObservationRecord,
  REASONS,
  type Reason,
  type ScanRecord,
} from '@backcheck/core';
import type { Place, Said } from './answer.ts';
import { BUILT_IN_CHECKS, type BuiltInCheck, PROBES } from './checks.ts';
import { wordsOf } from './explanations.ts';

const MANIFEST: { readonly version: string } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);
/** Also that of the tool in the files: a newer version may look deeper. */
export const BUILT_IN_VERSION = MANIFEST.version;

/** All that one run learned. */
export interface Run {
  readonly host: string;
  readonly address: string;
  /** A packet of the target came back. */
  readonly reached: boolean;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly answers: readonly (Place & { readonly said: Said })[];
}

/**
 * The run as a scan file of our own (docs/read-records.schema.json), so that it is read as any other: one asset,
 * an observation for each answer. An absence is an explicit one (E3) at exactly its port, check and locus.
 */
export function recordsOf(run: Run): string {
  const scan: ScanRecord = {
    record: 'scan',
    format: 'backcheck-jsonl',
    tool: { name: 'backcheck', version: BUILT_IN_VERSION, feed: null },
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    timeSource: 'file',
    complete: true,
    // A file cannot hold its own hash; readers take that of the bytes.
    sha256: '0'.repeat(64),
  };
  const answers = run.answers.flatMap((one) => factsOf(one, one.said, run));
  const facts: readonly Fact[] = [assetOf(run), ...answers, ...explanationsOf(answers)];
  const count = (record: Fact['record']): number => facts.filter((fact) => fact.record === record).length;
  const end = {
    record: 'end',
    assets: 1,
    observations: count('observation'),
    coverage: count('coverage'),
    explanations: count('explanation'),
    warnings: count('warning'),
  };
  return [scan, ...facts, end].map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** Once for each check that found something. */
function explanationsOf(answers: readonly Fact[]): Fact[] {
  const found = answers.flatMap((one) =>
    one.record === 'observation' && one.verdict === 'present' ? [one.check] : [],
  );
  return [...new Set(found)].map((check) => ({ record: 'explanation', check, ...wordsOf(check) }));
}

const ASSET = 'target';

function assetOf({ host, address, reached, startedAt, finishedAt, answers }: Run): AssetRecord {
  const named: Identifier[] = isIP(host) === 0 ? [{ kind: 'fqdn', value: host }] : [];
  const asset = {
    record: 'asset',
    id: ASSET,
    identifiers: [...named, { kind: 'ip', value: address }],
    reached,
    startedAt,
    finishedAt,
    credential: 'none',
  } as const;
  return reached ? asset : { ...asset, reason: whyUnreached(answers) };
}

/** The most telling one of those that every probe met. */
function whyUnreached(answers: Run['answers']): Reason {
  const reasons = answers.flatMap(({ said }) => (said.verdict === 'error' ? [said.reason] : []));
  const network = reasons.filter((reason) => reason !== 'CHECK_NOT_RUN');
  return network.sort((a, b) => REASONS.indexOf(a) - REASONS.indexOf(b))[0] ?? 'NO_HOST';
}

function factsOf({ transport, port }: Place, said: Said, run: Run): Fact[] {
  const { check, locus } = said;
  const claim = {
    record: 'coverage',
    asset: ASSET,
    transport,
    ports: String(port),
    checks: { ids: [check] },
    method: methodOf(check),
    assumptions: [],
  } as const satisfies Partial<CoverageRecord>;
  if (said.verdict === 'listed') return [{ ...claim, evidence: 'E3' }];
  const observation = observationOf({ transport, port }, said, run.finishedAt);
  if (said.verdict !== 'error') return [observation];
  const warning = {
    record: 'warning',
    code: 'NO_ANSWER',
    message: plain(`${transport} ${port} ${check}: ${said.detail}`),
  } as const;
  // An observation cannot say why it is an error; a claim of no answer can.
  return said.reason === 'CHECK_NOT_RUN'
    ? [observation, warning]
    : [{ ...claim, evidence: 'E0', within: [locus], reason: said.reason }, warning];
}

const methodOf = (check: string) => PROBES[checkPrefix(check)]?.method ?? 'remote';

function observationOf(
  { transport, port }: Place,
  said: Exclude<Said, { verdict: 'listed' }>,
  at: Instant,
): ObservationRecord {
  const { check, locus, verdict } = said;
  const { title, severity, cwe, cve = [] } = BUILT_IN_CHECKS[check] ?? UNKNOWN;
  const present = verdict === 'present';
  const method = methodOf(check);
  const detail = present && said.detail !== undefined && said.detail !== '' ? ` (${plain(said.detail)})` : '';
  return {
    record: 'observation',
    asset: ASSET,
    transport,
    port,
    check,
    locus,
    verdict,
    title: `${title.en}${detail}`,
    severity: present ? severity : 'info',
    cve,
    cwe,
    cvss: [],
    at,
    ...(method === 'remote' ? {} : { method }),
  };
}

const UNKNOWN: BuiltInCheck = {
  title: { en: 'A check that this version does not have', zh: '' },
  severity: 'info',
  cwe: [],
};

/** What a server says comes into a title as one line of bounded length. */
const plain = (text: string): string =>
  text
    .replaceAll(/\p{C}+/gu, ' ')
    .slice(0, 300)
    .trim();
