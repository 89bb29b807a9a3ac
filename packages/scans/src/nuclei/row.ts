import { isIP } from 'node:net';
import type { Identifier, Method, Transport } from '@backcheck/core';
import { hostIdentifier } from '../host-identifier.ts';
import { textAt, valueAt, writtenAt } from '../json-value.ts';
import { portNumber } from '../port-number.ts';
import { type WebPlace, webPlace } from '../web-place.ts';

/** One line of Nuclei: what one template says of one input (output.ResultEvent; keys since v2.6 and before). */
export interface Row {
  readonly template: string;
  readonly matched: boolean;
  /** '' when no request failed. */
  readonly error: string;
  readonly method: Method;
  /** The server, or a filter in front of it, refused the request (COVERAGE.md 5.9). */
  readonly refused: boolean;
  /** What must be taken for granted to hear the silence of this line. */
  readonly doubts: readonly string[];
  readonly value: unknown;
}

/** Where a line looked. */
export interface Place {
  readonly addressed: Identifier;
  readonly others: readonly Identifier[];
  readonly transport: Transport;
  readonly port: number;
  /** The path of the input and the names of its parameters; the place part of a locus. '' where the protocol has none. */
  readonly path: string;
  /** Where below the input the match was, as far as it differs. */
  readonly below: string;
  /** The line of a silent template names the same port and path as the line of its match would. */
  readonly repeatable: boolean;
}

/** Tags of templates that send an attack and look whether it works. */
const ATTACKS = new Set<unknown>(
  'dast fuzz intrusive rce sqli xss lfi ssrf ssti xxe default-login'.split(' '),
);
/** Tags of templates that wait for a call from outside; a late call is missed. */
const OUT_OF_BAND = new Set<unknown>(['oast', 'oob', 'interactsh']);
const OAST_HOST = /\.oast\.(?:pro|live|site|online|fun|me)\b|\binteract\.sh\b/;
/** Answers of a filter or gateway in front of the server, or of a server that has had enough (COVERAGE.md 5.9). */
const REFUSAL = /^HTTP\/[\d.]+ (?:403|406|429|50[234]|52\d)\b/;
/** A name server that says neither what there is nor that there is nothing. */
const NO_ANSWER = /\bstatus: (?!NOERROR|NXDOMAIN)[A-Z]/;
/** What the line of a template is called that gave no event of its own (tmplexec). */
const MANY_STEPS = new Set(['flow', 'multiprotocol', 'null', 'workflow']);

/** Undefined when the value is no line of Nuclei. */
export function rowOf(value: unknown): Row | undefined {
  const template = textAt(value, 'template-id') ?? textAt(value, 'templateID');
  const status = valueAt(value, 'matcher-status');
  if (template === undefined || template.trim() === '') return undefined;
  if (status !== undefined && typeof status !== 'boolean') return undefined;
  // Versions before 2.5 have no status: they write matches only.
  const matched = status !== false;
  const tags = tagsOf(value);
  const response = textAt(value, 'response') ?? '';
  const refused = REFUSAL.test(response);
  return {
    template,
    matched,
    error: errorOf(value),
    method: tags.some((tag) => ATTACKS.has(tag)) ? 'active' : 'remote',
    refused,
    doubts: matched ? NONE : doubtsOf({ value, tags, response, refused }),
    value,
  };
}

const NONE: readonly string[] = [];

/** Whatever stands there says that something went wrong. */
function errorOf(value: unknown): string {
  const error = valueAt(value, 'error') ?? '';
  return typeof error === 'string' ? error : 'error';
}

/** A list; a text in versions before 2.6. */
function tagsOf(value: unknown): readonly unknown[] {
  const tags = valueAt(value, 'info', 'tags');
  if (Array.isArray(tags)) return tags;
  return typeof tags === 'string' ? tags.split(',').map((tag) => tag.trim()) : NONE;
}

interface Answered {
  readonly value: unknown;
  readonly tags: readonly unknown[];
  readonly response: string;
  readonly refused: boolean;
}

function doubtsOf({ value, tags, response, refused }: Answered): readonly string[] {
  const doubts: string[] = [];
  const type = textAt(value, 'type') ?? '';
  if (response === '' || (type === 'dns' && NO_ANSWER.test(response))) doubts.push('A-response');
  // What a browser shows has no status that would tell the page of a filter.
  if (refused || type === 'headless') doubts.push('A-waf');
  const source = sourceOf(value);
  const calls = tags.some((tag) => OUT_OF_BAND.has(tag)) || OAST_HOST.test(textAt(value, 'request') ?? '');
  if (calls || source.includes('interactsh')) doubts.push('A-oast');
  // A flow says nowhere in its line that it is one; but it makes more than one request.
  const requests = valueAt(value, 'info', 'metadata', 'max-request') ?? 1;
  const several = requests !== 1 || MANY_STEPS.has(type);
  if (several || /^flow:/m.test(source)) doubts.push('A-flow');
  return doubts;
}

/** Templates of one's own are in their lines. */
function sourceOf(value: unknown): string {
  const encoded = textAt(value, 'template-encoded') ?? '';
  return encoded === '' ? '' : Buffer.from(encoded.slice(0, MAX_TEMPLATE), 'base64').toString('latin1');
}

const MAX_TEMPLATE = 2 * 1024 * 1024;

const NO_PORT = { transport: 'none', port: 0, path: '', below: '' } as const;

/** All that `placeOf` reads of a line that is not of a file. */
const INPUT = ['type', 'host', 'url', 'port', 'ip', 'matched-at', 'matched'] as const;

export function inputOf(value: unknown): readonly unknown[] {
  return INPUT.map((key) => valueAt(value, key));
}

/** Whether the line names the input: thousands of lines name the same. */
export function namesInput(value: unknown, input: readonly unknown[]): boolean {
  return INPUT.every((key, index) => valueAt(value, key) === input[index]);
}

/** Undefined when the line names nothing that was looked at. */
export function placeOf(value: unknown): Place | undefined {
  const type = textAt(value, 'type') ?? '';
  const matchedAt = textAt(value, 'matched-at') ?? textAt(value, 'matched');
  const host = textAt(value, 'host') ?? '';
  if (type === 'file' || type === 'offlinehttp') {
    const file = (matchedAt ?? textAt(value, 'path') ?? host).trim();
    if (file === '') return undefined;
    return { ...NO_PORT, addressed: { kind: 'file', value: file }, others: [], repeatable: false };
  }
  if (type === 'dns' || type === 'whois') {
    const addressed = hostIdentifier(host) ?? hostIdentifier(matchedAt ?? '');
    return addressed && { ...NO_PORT, addressed, others: [], repeatable: true };
  }
  const address = [textAt(value, 'url'), host].map(absolute).find((one) => webPlace(one) !== undefined);
  const input = webPlace(address);
  const match = socketOf(absolute(matchedAt));
  const bare = hostIdentifier(host) ?? socketOf(host)?.identifier;
  const addressed = input?.identifier ?? bare ?? match?.identifier;
  if (addressed === undefined) return undefined;
  const here = match?.identifier.value === addressed.value ? match : undefined;
  const others = otherNames(addressed, textAt(value, 'ip'));
  const port = here?.port ?? portNumber(writtenAt(value, 'port')) ?? input?.port ?? socketOf(host)?.port;
  if (port === undefined) return { ...NO_PORT, addressed, others, repeatable: false };
  const web = type === 'http' || type === 'headless';
  const path = web ? (input?.path ?? '') : '';
  const below = here === undefined ? elsewhere(match) : here.path === path ? '' : here.path;
  const where = { addressed, others, transport: 'tcp', port, below: web ? below : '' } as const;
  return { ...where, path: path + parametersOf(address, path), repeatable: web && input !== undefined };
}

/** "?id&q": what stands in them changes from run to run; no path has a "?". */
function parametersOf(address: string | undefined, path: string): string {
  if (path === '' || address?.includes('?') !== true) return '';
  const names = new Set([...new URL(address.trim()).searchParams.keys()].map(encodeURIComponent).sort());
  return names.size === 0 ? '' : `?${[...names].join('&')}`;
}

/** An input that Nuclei could not take apart is written behind a slash: "/http://example.org/". */
function absolute(address: string | undefined): string | undefined {
  return address?.replace(/^\/(?=[a-z]+:\/\/)/, '');
}

/** "192.0.2.7:22" or an address with a scheme. */
function socketOf(address: string | undefined): WebPlace | undefined {
  return webPlace(address?.includes('://') === true ? address : `tcp://${address ?? ''}`);
}

function elsewhere(match: WebPlace | undefined): string {
  return match === undefined ? '' : `${match.identifier.value}:${match.port}${match.path}`;
}

function otherNames(addressed: Identifier, ip: string | undefined): Identifier[] {
  const known = ip === undefined || isIP(ip) === 0 || ip === addressed.value;
  return known ? [] : [{ kind: 'ip', value: ip }];
}

/** Where the match was, told apart by matcher and extractor: many templates hold several weaknesses. */
export function locusOf(value: unknown, { path, below }: Place): string {
  const names = ['matcher-name', 'extractor-name', 'fuzzing_method', 'fuzzing_position', 'fuzzing_parameter'];
  const parts = [below, ...names.map((name) => textAt(value, name) ?? '')].filter((part) => part !== '');
  return parts.length === 0 ? path : `${path}#${parts.join(' ')}`;
}

/** Of the classification of a template: a text, a list or null. */
export function classified(value: unknown, key: string): readonly unknown[] {
  const found = valueAt(value, 'info', 'classification', key);
  return Array.isArray(found) ? found : [found];
}
