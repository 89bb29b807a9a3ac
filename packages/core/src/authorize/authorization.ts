import type { Instant } from '../observe/record.ts';

/** The ways of looking that an authorization allows or forbids, each by itself. */
export const PROBE_METHODS = [
  'port-scan',
  'tls',
  'http',
  'ssh',
  'dns',
  'banner',
  'script',
  'template',
  'crawl',
] as const;
export type ProbeMethod = (typeof PROBE_METHODS)[number];

/** Hours in which tests may run, on the clock of the authorization's time zone. */
export interface TestWindow {
  /** ISO 8601 weekdays on which it opens: 1 Monday to 7 Sunday. */
  readonly days: readonly number[];
  /** "22:00" */
  readonly from: string;
  /** "06:00": not later than `from` means on the next day; equal to it means 24 hours. */
  readonly until: string;
}

/** What an organization signed: who may look at what, how, when and how fast. */
export interface Authorization {
  readonly id: string;
  readonly organizationId: number;
  /** CIDR, as PostgreSQL writes it: "192.0.2.0/24". A single address is a range of one. */
  readonly ranges: readonly string[];
  /** Lower case, no final dot: "www.example.org"; "*.example.org" for all names below. */
  readonly names: readonly string[];
  readonly allowed: readonly ProbeMethod[];
  /** Wins over `allowed`. */
  readonly forbidden: readonly ProbeMethod[];
  /** Empty: at any time. */
  readonly windows: readonly TestWindow[];
  /** IANA name, such as "Asia/Shanghai". */
  readonly timeZone: string;
  /** New connections (or packets of a port scan) a second, over everything that runs under it. */
  readonly rate: number;
  readonly validFrom: Instant;
  readonly expiresAt: Instant;
  /** Null: nobody but its drafter has seen it yet, and nothing runs under it. */
  readonly approvedAt: Instant | null;
  /** Set: the emergency stop was pressed; nothing runs until somebody approves again. */
  readonly stoppedAt: Instant | null;
  readonly revokedAt: Instant | null;
}
