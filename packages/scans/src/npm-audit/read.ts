import type { AssetRecord, CoverageRecord, Fact } from '@backcheck/core';
import { AgreedWords } from '../agreed-words.ts';
import { walkJson } from '../json.ts';
import { textAt, valueAt } from '../json-value.ts';
import type { Reader } from '../reader.ts';
import { type Advisory, advisoriesOf } from './advisory.ts';

/**
 * `npm audit --json`: of npm 6 (and pnpm) the advisories, since npm 7 the packages that they strike. What it can
 * prove and why: COVERAGE.md section 1, row "npm/yarn/pnpm audit". The file names neither the project nor the time,
 * and no package without an advisory. Its records are members of an object: it is parsed whole.
 */
export const npmAuditReader: Reader = {
  format: 'npm-audit',
  detect: (head) => /^\s*\{/.test(head) && SIGNS.some((signs) => signs.every((sign) => sign.test(head))),
  async *read(bytes) {
    const walk = walkJson(bytes, []);
    let step = await walk.next();
    while (step.done !== true) step = await walk.next();
    const { document, truncated, warnings } = step.value;
    const answered = isAnswer(document);
    yield [...warnings, ...visitOf(document, answered)];
    let bad = false;
    let batch: Fact[] = [];
    // The recommended version is of one package, and an advisory may strike several.
    const said = new AgreedWords();
    for (const advisory of advisoriesOf(document)) {
      if (advisory === null) bad = true;
      else {
        batch.push(observationOf(advisory));
        said.add(advisory.check, advisory.words);
      }
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (bad)
      batch.push({ record: 'warning', code: 'BAD_RECORD', message: 'an advisory has no id or no package' });
    yield [...batch, ...said.explanations()];
    const tool = { name: 'npm-audit', version: null, feed: null };
    return { tool, startedAt: null, finishedAt: null, complete: answered && !bad, truncated };
  },
};

const SIGNS = [
  [/"auditReportVersion"\s*:\s*\d/],
  [
    /^\s*\{\s*"(actions|advisories)"\s*:/,
    /"(action|resolves|advisories)"\s*:/,
    /"(muted|metadata|module|findings)"\s*:/,
  ],
  // npm's own form of a failure with --json; npm 7 puts the request around it.
  [/"error"\s*:\s*\{[^{}]*"code"\s*:\s*"(E|NO)[A-Z0-9]+"/, /"summary"\s*:/, /"detail"\s*:/],
];

const BATCH = 1000;

const PLACE = { asset: 'a1', transport: 'none', method: 'local' } as const;

function isAnswer(document: unknown): boolean {
  if (valueAt(document, 'error') !== undefined) return false;
  const found = valueAt(document, 'advisories') ?? valueAt(document, 'vulnerabilities');
  return typeof found === 'object' && found !== null && !Array.isArray(found);
}

function visitOf(document: unknown, answered: boolean): Fact[] {
  const asset: AssetRecord = {
    record: 'asset',
    id: 'a1',
    identifiers: [{ kind: 'repository', value: 'unnamed:npm-audit' }],
    reached: answered,
    startedAt: null,
    finishedAt: null,
    credential: 'none',
    ...(answered ? {} : { reason: 'INCOMPLETE' }),
  };
  if (!answered) {
    const why = textAt(document, 'error', 'summary') ?? textAt(document, 'message') ?? 'no reason is given';
    return [asset, { record: 'warning', code: 'TOOL_FAILED', message: `npm audit failed: ${why}` }];
  }
  const silence: CoverageRecord = {
    record: 'coverage',
    ...PLACE,
    ports: '0',
    checks: { all: true },
    evidence: 'E1',
    assumptions: ['A-lock'],
  };
  return [asset, silence];
}

function observationOf({ words: _, ...advisory }: Advisory): Fact {
  return { record: 'observation', ...PLACE, port: 0, verdict: 'present', at: null, ...advisory };
}
