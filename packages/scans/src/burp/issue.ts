import { isIP } from 'node:net';
import type { Fact, Identifier } from '@backcheck/core';
import { type Explanations, plainOfHtml } from '../explanation.ts';
import { severityOfWord } from '../severity.ts';
import { cveIds, cweIds } from '../weakness-ids.ts';
import type { WebAssets } from '../web-assets.ts';
import { webPlace } from '../web-place.ts';

/** Children of `<issue>` whose text is read; requests and responses are not. */
export const ISSUE_TEXTS: ReadonlySet<string> = new Set([
  'type',
  'name',
  'host',
  'path',
  'location',
  'severity',
  'vulnerabilityClassifications',
  'issueDetail',
]);

/** Those that explain the check: used once in a file. `issueDetail` and `remediationDetail` speak of one page. */
export const ISSUE_WORDS: ReadonlySet<string> = new Set(['issueBackground', 'remediationBackground']);

/** Texts by element; `ip` is the attribute of `<host>`. */
export type IssueTexts = Record<string, string | undefined>;

/** The type number that all extensions share; their names tell their checks apart. */
const EXTENSION = '134217728';

/** Type and name stand before all other texts. */
export function checkOf({ type = '', name = '' }: IssueTexts): string {
  return type === EXTENSION ? `burp:${type}/${name}` : `burp:${type}`;
}

export interface IssueContext {
  readonly assets: WebAssets;
  readonly explanations: Explanations;
}

/** Null when the issue has no type, name or web address. */
export function issueFacts(issue: IssueTexts, { assets, explanations }: IssueContext): Fact[] | null {
  const { type = '', name = '', path = '', location = '', ip = '' } = issue;
  const place = webPlace(issue['host']);
  if (place === undefined || !/^\d{1,12}$/.test(type) || name === '') return null;
  const address: Identifier[] = isIP(ip) === 0 ? [] : [{ kind: 'ip', value: ip }];
  const check = checkOf(issue);
  const words = () => ({
    description: plainOfHtml(issue['issueBackground'] ?? ''),
    advice: plainOfHtml(issue['remediationBackground'] ?? ''),
  });
  const { id: asset, facts } = assets.at(place.identifier, ...address);
  return [
    ...facts,
    {
      record: 'observation',
      asset,
      transport: 'tcp',
      port: place.port,
      check,
      locus: locusOf(path, location),
      verdict: 'present',
      title: name,
      severity: severityOfWord(issue['severity']),
      cve: cveIds(issue['issueDetail']),
      cwe: cweIds(issue['vulnerabilityClassifications']),
      cvss: [],
      at: null,
      method: 'active',
    },
    ...explanations.of(check, words),
  ];
}

/**
 * "/a" and "/a [q parameter]" -> "/a#q parameter". Without the method of the request: an export need not hold
 * requests, and the finding must be the same in both.
 */
function locusOf(path: string, location: string): string {
  const page = path.split('?')[0] || '/';
  const point = location.startsWith(path) ? /^ ?\[(.*)\]$/.exec(location.slice(path.length))?.[1] : undefined;
  return point === undefined ? page : `${page}#${point}`;
}
