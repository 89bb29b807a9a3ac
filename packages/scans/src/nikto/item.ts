import type { Identifier, ObservationRecord } from '@backcheck/core';
import { hostIdentifier } from '../host-identifier.ts';
import { cveIds } from '../weakness-ids.ts';
import { webLocus } from '../web-locus.ts';

/** One thing that Nikto reports, the same in all its formats but for the id. */
export interface NiktoItem {
  /** "nikto:999957"; "nikto-message:…" where the format does not give the number. */
  readonly check: string;
  readonly uri: string;
  readonly method: string;
  readonly message: string;
  readonly references: string;
}

/** Characters of a message. The longest hold the value of a header. */
const LONGEST = 2000;

/** Nikto grades nothing, so all of it is `info`. */
export function observationOf(asset: string, port: number, item: NiktoItem): ObservationRecord {
  const message = withoutAddress(item.message.slice(0, LONGEST), item.uri);
  return {
    record: 'observation',
    asset,
    transport: 'tcp',
    port,
    check: item.check,
    locus: webLocus(stablePath(item.uri), METHODS.has(item.method) ? item.method : '', subjectOf(message)),
    verdict: 'present',
    title: message,
    severity: 'info',
    cve: cveIds(message, item.references),
    cwe: [],
    cvss: [],
    at: null,
  };
}

/** The name that was asked for comes first; Nikto puts the address there when it was given one. */
export function identifiersOf(name: string | undefined, address: string | undefined): Identifier[] {
  const found = [name, address].map((text) => hostIdentifier((text ?? '').replace(/^\[|\]$/g, '')));
  return found.filter((one) => one !== undefined);
}

/** "nikto:001885"; some versions write the number without its zeros. */
export function checkOf(id: string | undefined): string | undefined {
  return /^\d{1,9}$/.test(id ?? '') ? `nikto:${(id ?? '').padStart(6, '0')}` : undefined;
}

/** The methods that Nikto means; for the test "junk method" it makes one up each time. */
const METHODS = new Set(
  'GET HEAD POST PUT DELETE OPTIONS TRACE TRACK DEBUG PATCH CONNECT PROPFIND SEARCH INDEX'.split(' '),
);

/** Since 2.5 a message begins with the address: "/: The …". */
function withoutAddress(message: string, uri: string): string {
  const rest = message.startsWith(uri) ? message.slice(uri.length) : message.replace(/^\/\S*(?=: )/, '');
  return rest.replace(/^\s*:\s*/, '').trim();
}

/** A page that does not exist is asked for under a random name ("/tldH5dDP.php") to see what errors look like. */
function stablePath(uri: string): string {
  return uri.replace(/^\/(?=[A-Za-z]*[A-Z0-9])[A-Za-z0-9]{8}\.\w{0,10}$/, '/(random)');
}

/** Which header or cookie is meant: one id stands for all of them. What it holds changes from run to run. */
function subjectOf(message: string): string {
  const named = /\bheader '([^']{1,80})'/i.exec(message) ?? /\bcookie ([^\s:;,]{1,80})/i.exec(message);
  const subject = named ?? /(?:^|\s)'?([\w-]{1,80})'? header\b/i.exec(message);
  return subject?.[1] ?? '';
}
