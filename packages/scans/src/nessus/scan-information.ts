import type { Credential, Instant } from '@backcheck/core';
import { epochInstant } from '../epoch-instant.ts';
import { numbersIn, type PortPlan, parsePortRange, rangesOf } from './policy.ts';

export const SCAN_INFORMATION = '19506';
export const LAUNCHED_PLUGINS = '112154';
export const PING = '10180';

/** Plugins that report on the scan and not on the asset. They make no findings. */
export const ABOUT_THE_SCAN: ReadonlySet<string> = new Set([
  SCAN_INFORMATION,
  LAUNCHED_PLUGINS,
  PING,
  '21745', // local checks not run: authentication failed
  '104410', // credential status: failure for the provided credentials
  '110385', // credential issues: insufficient privilege
  '110723', // credential status: no credentials provided
  '117885', // credential issues: intermittent authentication failure
  '110095', // credential issues: none found
  '117886', // local checks not available for the operating system
  '117887', // local checks available
  '141118', // credential status: valid credentials provided
]);

/** Those of them after which the silence of a local check says nothing: the login failed, wholly or now and then. */
export const LOGIN_TROUBLE: ReadonlySet<string> = new Set([
  '21745',
  '104410',
  '110385',
  '110723',
  '117885',
  '117886',
]);

/** Those of ABOUT_THE_SCAN whose output is read. */
export const READ_OUTPUT: ReadonlySet<string> = new Set([SCAN_INFORMATION, LAUNCHED_PLUGINS, PING]);

/** What plugin 19506 prints about the scan of one asset. */
export interface ScanInformation {
  readonly version: string | null;
  /** "202203230748": the plugin feed, which sorts by age. */
  readonly feed: string | null;
  /** Null where the text has no such line. */
  readonly ports: PortPlan | null;
  readonly login: Credential;
  /** False where the scanner lost count of the asset's scan time: it never really began. */
  readonly timed: boolean;
}

export function parseScanInformation(output: string): ScanInformation {
  const field = (name: string): string | null =>
    new RegExp(`^[ \\t]*${name}[ \\t]*:[ \\t]*(\\S.*?)[ \\t]*$`, 'im').exec(output)?.[1] ?? null;
  const range = field('Port range');
  return {
    version: field('Nessus version')?.split(/\s/)[0] ?? null,
    feed: field('Plugin feed version'),
    ports: range === null ? null : parsePortRange(range),
    login: loginOf(field('Credentialed checks')),
    timed: field('Scan duration')?.toLowerCase().startsWith('unknown') !== true,
  };
}

/** "yes, as 'root' via ssh", "yes, as 'EXAMPLE\administrator' via SMB", "no". */
function loginOf(credentialed: string | null): Credential {
  if (credentialed === null || !/^yes\b/i.test(credentialed)) return 'none';
  const user = /\bas '(?:[^'\\]*\\)?([^']*)'/i.exec(credentialed)?.[1];
  return user !== undefined && /^(root|administrator|admin|system)$/i.test(user) ? 'privileged' : 'user';
}

/** Ids of the plugins that really ran, as ranges; null when the list has none. Plugin ids have five digits or more. */
export function parseLaunchedPlugins(output: string): string | null {
  return rangesOf(numbersIn(output, 5).sort());
}

const START =
  /^[ \t]*Scan Start Date[ \t]*:[ \t]*(\d{4})\/(\d{1,2})\/(\d{1,2}) (\d{1,2}):(\d{2}) (?:UTC|GMT)[ \t]*$/im;
const DURATION = /^[ \t]*Scan duration[ \t]*:[ \t]*(\d{1,7}) sec/im;

/**
 * "Scan Start Date : 2026/9/1 7:48 UTC", "Scan duration : 320 sec": the only times of a CSV. Names of other zones
 * ("EDT", "CST") stand for several, and then there is no time. The start was cut to the minute, so the end is a minute later.
 */
export function scanTimes(output: string): { start: Instant | null; end: Instant | null } {
  const [, year, month, day, hour, minute] = (START.exec(output) ?? []).map(Number);
  if (year === undefined || month === undefined) return { start: null, end: null };
  const start = Date.UTC(year, month - 1, day, hour, minute) / 1000;
  const duration = DURATION.exec(output)?.[1];
  const end = duration === undefined ? null : start + Number(duration) + 60;
  return { start: epochInstant(start), end: end === null ? null : epochInstant(end) };
}
