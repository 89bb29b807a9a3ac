import { readNetwork } from '../observe/address.ts';
import { carriedIpv4 } from './address-class.ts';
import type { Authorization, TestWindow } from './authorization.ts';
import { readTarget } from './target.ts';
import { isTimeZone } from './wall-clock.ts';
import { minuteOfDay } from './window.ts';

export const AUTHORIZATION_FLAWS = [
  /** Neither a range nor a name. */
  'NO_TARGETS',
  'RANGE_MALFORMED',
  /** A bit is set behind the length: either the address or the length was mistyped. */
  'RANGE_HOST_BITS',
  /** Wider than /8 (IPv4) or /16 (IPv6). */
  'RANGE_TOO_WIDE',
  'NAME_MALFORMED',
  'NO_METHOD',
  'WINDOW_DAYS',
  'WINDOW_TIME',
  'TIME_ZONE_UNKNOWN',
  /** Not a whole number from 1 to 1000. */
  'RATE_OUT_OF_RANGE',
  'EXPIRES_BEFORE_START',
  /** More than 400 days after it begins. */
  'EXPIRES_TOO_LATE',
] as const;
export type AuthorizationFlawCode = (typeof AUTHORIZATION_FLAWS)[number];

export interface AuthorizationFlaw {
  /** A field of the draft, with the place in a list and the field there: "rate", "ranges.2", "windows.0.from". */
  readonly field: string;
  readonly code: AuthorizationFlawCode;
}

export type AuthorizationDraft = Pick<
  Authorization,
  'ranges' | 'names' | 'allowed' | 'forbidden' | 'windows' | 'timeZone' | 'rate' | 'validFrom' | 'expiresAt'
>;

const WIDEST = { 32: 8, 128: 16 } as const;
const FASTEST = 1000;
const LONGEST = 400 * 86_400_000;

/** What has to be put right before it can be drafted, in the order of the form; empty when nothing has. */
export function readAuthorizationFlaws(draft: AuthorizationDraft): AuthorizationFlaw[] {
  const { ranges, names, allowed, forbidden, windows, timeZone, rate } = draft;
  const fits = Number.isInteger(rate) && rate >= 1 && rate <= FASTEST;
  return [
    ...flaw('ranges', ranges.length + names.length === 0 ? 'NO_TARGETS' : null),
    ...ranges.flatMap((range, index) => flaw(`ranges.${index}`, rangeFlaw(range))),
    ...names.flatMap((name, index) => flaw(`names.${index}`, isTargetName(name) ? null : 'NAME_MALFORMED')),
    ...flaw('allowed', allowed.every((method) => forbidden.includes(method)) ? 'NO_METHOD' : null),
    ...windows.flatMap((hours, index) => windowFlaws(hours, `windows.${index}`)),
    ...flaw('timeZone', isTimeZone(timeZone) ? null : 'TIME_ZONE_UNKNOWN'),
    ...flaw('rate', fits ? null : 'RATE_OUT_OF_RANGE'),
    ...flaw('expiresAt', expiryFlaw(draft)),
  ];
}

function flaw(field: string, code: AuthorizationFlawCode | null): AuthorizationFlaw[] {
  return code === null ? [] : [{ field, code }];
}

function rangeFlaw(range: string): AuthorizationFlawCode | null {
  const network = readNetwork(range);
  // a range of addresses that stand for others covers nothing (`coversTarget`)
  if (network === null || carriedIpv4(network.first) !== null) return 'RANGE_MALFORMED';
  const { first, length } = network;
  if (BigInt.asUintN(first.bits - length, first.value) !== 0n) return 'RANGE_HOST_BITS';
  return length < WIDEST[first.bits] ? 'RANGE_TOO_WIDE' : null;
}

/** "www.example.org", or "*.example.org" for what is below it. */
function isTargetName(name: string): boolean {
  return readTarget(name.replace(/^\*\./, '')).kind === 'name';
}

function windowFlaws({ days, from, until }: TestWindow, field: string): AuthorizationFlaw[] {
  const inWeek = days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7);
  const known = inWeek && days.length > 0 && new Set(days).size === days.length;
  return [
    ...flaw(`${field}.days`, known ? null : 'WINDOW_DAYS'),
    ...flaw(`${field}.from`, minuteOfDay(from) === null ? 'WINDOW_TIME' : null),
    ...flaw(`${field}.until`, minuteOfDay(until) === null ? 'WINDOW_TIME' : null),
  ];
}

function expiryFlaw({ validFrom, expiresAt }: AuthorizationDraft): AuthorizationFlawCode | null {
  const lasts = Date.parse(expiresAt) - Date.parse(validFrom);
  if (!(lasts > 0)) return 'EXPIRES_BEFORE_START';
  return lasts > LONGEST ? 'EXPIRES_TOO_LATE' : null;
}
