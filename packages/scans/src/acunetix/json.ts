import type { Fact } from '@backcheck/core';
import { Explanations, plainOfHtml } from '../explanation.ts';
import { walkJson } from '../json.ts';
import { listAt, textAt, valueAt } from '../json-value.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { severityOfWord } from '../severity.ts';
import { cweIds } from '../weakness-ids.ts';
import { WebAssets } from '../web-assets.ts';
import { webPlace } from '../web-place.ts';

/**
 * The JSON report of Acunetix 360, another product than Acunetix with other checks. It does not say whether the
 * scan came to its end, so silence is nothing; a weakness that it calls fixed is what the vendor's retest says
 * (COVERAGE.md section 1, row "Acunetix XML"). Its times have no zone.
 */
export const acunetixJsonReader: Reader = {
  format: 'acunetix-json',
  detect: (head) =>
    /^\s*\{/.test(head) &&
    /"Vulnerabilities"\s*:\s*\[/.test(head) &&
    (/"ScanId"\s*:/.test(head) || (/"LookupId"\s*:/.test(head) && /"Certainty"\s*:/.test(head))),
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const assets = new WebAssets();
    const explanations = new Explanations();
    const walk = walkJson(bytes, ['Vulnerabilities']);
    for (;;) {
      const step = await walk.next();
      if (step.done === true) {
        const { document, truncated, warnings } = step.value;
        const target = webPlace(textAt(document, 'Target', 'Url'));
        yield [...warnings, ...(target === undefined ? [] : assets.at(target.identifier).facts)];
        const tool = { name: 'acunetix360', version: null, feed: null };
        return { tool, startedAt: null, finishedAt: null, complete: !truncated, truncated };
      }
      yield step.value.elements.flatMap(({ value, line }): Fact[] => {
        const message = 'a record without Type or Url was left out';
        return (
          weaknessFacts(value, { assets, explanations }) ?? [
            { record: 'warning', code: 'BAD_RECORD', message, line },
          ]
        );
      });
    }
  },
};

interface Context {
  readonly assets: WebAssets;
  readonly explanations: Explanations;
}

/** Null when the record names no check or no address. */
function weaknessFacts(value: unknown, { assets, explanations }: Context): Fact[] | null {
  const place = webPlace(textAt(value, 'Url'));
  const type = textAt(value, 'Type') ?? '';
  if (place === undefined || type === '') return null;
  const { id: asset, facts } = assets.at(place.identifier);
  const check = `acunetix360:${type}`;
  const locus = locusOf(value, place.path);
  const here = { asset, transport: 'tcp' } as const;
  if (/\bFixed/i.test(textAt(value, 'State') ?? '')) {
    const claim = { ...here, ports: String(place.port), checks: { ids: [check] }, within: [locus] };
    const worth = { method: 'active', evidence: 'E1', assumptions: ['A-vendor'] } as const;
    return [...facts, { record: 'coverage', ...claim, ...worth }];
  }
  const found = {
    verdict: 'present',
    title: textAt(value, 'Name') ?? type,
    severity: severityOfWord(textAt(value, 'Severity')),
    cve: [],
    cwe: cweIds(...(textAt(value, 'Classification', 'Cwe') ?? '').split(',')),
    cvss: vectors(valueAt(value, 'Classification')),
    at: null,
    method: 'active',
  } as const;
  return [
    ...facts,
    { record: 'observation', ...here, port: place.port, check, locus, ...found },
    ...explanations.of(check, () => wordsOf(value)),
  ];
}

/** Behind a description stands, under a heading, what was got out of one site. */
const PROOF = /<h\d[^>]{0,200}>\s*Proof\b/i;

function wordsOf(value: unknown) {
  const text = (name: string): string => plainOfHtml((textAt(value, name) ?? '').split(PROOF, 1)[0] ?? '');
  return {
    description: text('Description'),
    harm: text('Impact'),
    advice: `${text('RemedialProcedure')}\n\n${text('RemedialActions')}`,
  };
}

function vectors(classification: unknown): string[] {
  return ['Cvss', 'Cvss31', 'Cvss40'].flatMap((version) => textAt(classification, version, 'Vector') || []);
}

/** "/artist.php#GET id": the parameter that the tool marks as the weak one. */
function locusOf(value: unknown, path: string): string {
  const weak = listAt(value, 'HttpRequest', 'Parameters').find((one) => valueAt(one, 'Vulnerable') === true);
  const name = textAt(weak, 'Name');
  if (name === undefined) return path;
  return `${path}#${textAt(value, 'HttpRequest', 'Method') ?? ''} ${name}`;
}
