import type { AssetRecord, CoverageRecord, Fact } from '@backcheck/core';
import { Explanations } from '../explanation.ts';
import { type JsonElement, walkJson } from '../json.ts';
import { listAt, textAt, valueAt } from '../json-value.ts';
import type { Reader } from '../reader.ts';
import { explanationsOf, isOnlyListed, observationsOf } from './package.ts';

/**
 * `osv-scanner --format json`. What it can prove and why: COVERAGE.md section 1, row "OSV-Scanner". The file has no
 * time, no version and no name of what was scanned: each source (a lockfile, a list of packages) is an asset.
 */
export const osvScannerReader: Reader = {
  format: 'osv-scanner',
  detect: (head) =>
    /^\s*\{/.test(head) &&
    /"results"\s*:/.test(head) &&
    SIGNS.some((signs) => signs.every((sign) => sign.test(head))),
  async *read(bytes) {
    let listsAll = false;
    let bad = 0;
    const explanations = new Explanations();
    const walk = walkJson(bytes, ['results.*.packages']);
    for (;;) {
      const step = await walk.next();
      if (step.done !== true) {
        const facts: Fact[] = [];
        for (const element of step.value.elements) {
          listsAll ||= isOnlyListed(element.value);
          const found = packageFacts(element);
          if (found.bad) bad += 1;
          if (!found.bad || bad <= MAX_WARNINGS) facts.push(...found.facts);
          if (!found.bad) facts.push(...explanationsOf(element.value, explanations));
        }
        yield facts;
        continue;
      }
      const { document, truncated, warnings } = step.value;
      yield [...warnings, ...sourceFacts(document, listsAll)];
      const tool = { name: 'osv-scanner', version: null, feed: null };
      const complete = isWhole(document) && bad === 0;
      return { tool, startedAt: null, finishedAt: null, complete, truncated };
    }
  },
};

/** Newer versions write `experimental_config` also into a report without results. */
const SIGNS = [
  [/"experimental_config"\s*:\s*\{/],
  [/"source"\s*:\s*\{\s*"(path|type)"\s*:/, /"package"\s*:\s*\{\s*"(name|version|ecosystem|commit)"\s*:/],
];

function isWhole(document: unknown): boolean {
  const lists = listAt(document, 'results').map((result) => valueAt(result, 'packages'));
  return [valueAt(document, 'results'), ...lists].every(Array.isArray);
}

/** The rest of a million bad records is not worth a warning each. */
const MAX_WARNINGS = 1000;

function packageFacts({ keys, value, line }: JsonElement): { facts: Fact[]; bad: boolean } {
  const facts = observationsOf(assetId(Number(keys[1])), value);
  if (facts !== undefined) return { facts, bad: false };
  const message = 'a package has a vulnerability without an id';
  return { facts: [{ record: 'warning', code: 'BAD_RECORD', message, line }], bad: true };
}

const assetId = (index: number): string => `a${index + 1}`;

/**
 * A package list answers for what it no longer has, and for what it has and no longer complains about: unless the
 * project's own osv-scanner.toml, which leaves no trace in the file, hides the complaint: the certificate names A-filter.
 * A path that is not absolute, or stands inside an image that has no name here, does not say which source it was
 * (A-src). A list that somebody else wrote may be older than the scan (A-sbom).
 */
function sourceFacts(document: unknown, listsAll: boolean): Fact[] {
  const inImage = valueAt(document, 'image_metadata') !== undefined;
  return listAt(document, 'results').flatMap((result, index): Fact[] => {
    const path = textAt(result, 'source', 'path') ?? '';
    const type = textAt(result, 'source', 'type');
    const named = !inImage && /^([/\\]|[a-z]:)/i.test(path);
    const doubts = [...(listsAll && named ? [] : ['A-src']), ...(type === 'sbom' ? ['A-sbom'] : [])];
    const asset: AssetRecord = {
      record: 'asset',
      id: assetId(index),
      identifiers: [{ kind: type === 'git' ? 'repository' : 'file', value: path || 'unnamed:osv-scanner' }],
      reached: true,
      startedAt: null,
      finishedAt: null,
      credential: 'none',
    };
    const silence: CoverageRecord = {
      record: 'coverage',
      asset: asset.id,
      transport: 'none',
      ports: '0',
      checks: { all: true },
      method: 'local',
      evidence: doubts.length === 0 ? 'E2' : 'E1',
      assumptions: ['A-filter', ...doubts],
    };
    return [asset, silence];
  });
}
