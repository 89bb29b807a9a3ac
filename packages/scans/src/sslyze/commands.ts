import type { ObservationRecord, Severity } from '@backcheck/core';
import { textAt, valueAt } from '../json-value.ts';

/** A check of sslyze: its short name behind "sslyze:", and what its presence means. */
export interface Weakness {
  readonly check: string;
  readonly title: string;
  readonly severity: Severity;
  readonly cve: readonly string[];
  readonly cwe: readonly string[];
}

export type Said = Pick<
  ObservationRecord,
  'check' | 'locus' | 'verdict' | 'title' | 'severity' | 'cve' | 'cwe'
>;

export function weakness(check: string, severity: Severity, title: string, ids: readonly string[]): Weakness {
  return {
    check: `sslyze:${check}`,
    title,
    severity,
    cve: ids.filter((id) => id.startsWith('CVE-')),
    cwe: ids.filter((id) => id.startsWith('CWE-')),
  };
}

/** `present` undefined: the test was tried and did not say. */
export function say(one: Weakness, present: boolean | undefined, locus = ''): Said {
  const verdict = present === undefined ? 'error' : present ? 'present' : 'absent';
  return { ...one, locus, verdict, severity: present === true ? one.severity : 'info' };
}

interface Command {
  readonly command: string;
  readonly weakness: Weakness;
  /** Whether the result of the completed command says that the weakness is there; undefined: it does not say. */
  readonly judge: (result: unknown) => boolean | undefined;
}

const flag =
  (key: string, bad = true) =>
  (result: unknown): boolean | undefined => {
    const value = valueAt(result, key);
    return typeof value === 'boolean' ? value === bad : undefined;
  };

/** Scan commands with one plain answer (sslyze/plugins). */
export const COMMANDS: readonly Command[] = [
  {
    command: 'heartbleed',
    weakness: weakness('heartbleed', 'critical', 'Heartbleed: the server leaks its memory', [
      'CVE-2014-0160',
      'CWE-125',
    ]),
    judge: flag('is_vulnerable_to_heartbleed'),
  },
  {
    command: 'openssl_ccs_injection',
    weakness: weakness('ccs-injection', 'high', 'OpenSSL CCS injection', ['CVE-2014-0224', 'CWE-326']),
    judge: flag('is_vulnerable_to_ccs_injection'),
  },
  {
    command: 'robot',
    weakness: weakness('robot', 'high', 'ROBOT: the server is an RSA padding oracle', [
      'CVE-2017-13099',
      'CWE-203',
    ]),
    judge: (result) => {
      const said = textAt(result, 'robot_result') ?? '';
      return /^VULNERABLE_/.test(said) ? true : /^NOT_VULNERABLE_/.test(said) ? false : undefined;
    },
  },
  {
    command: 'tls_compression',
    weakness: weakness('compression', 'medium', 'TLS compression is offered (CRIME)', [
      'CVE-2012-4929',
      'CWE-310',
    ]),
    judge: flag('supports_compression'),
  },
  {
    command: 'session_renegotiation',
    weakness: weakness('insecure-renegotiation', 'medium', 'Insecure renegotiation is offered', [
      'CVE-2009-3555',
      'CWE-310',
    ]),
    judge: flag('supports_secure_renegotiation', false),
  },
  {
    command: 'session_renegotiation',
    weakness: weakness('client-renegotiation', 'medium', 'Clients may renegotiate as often as they like', [
      'CVE-2011-1473',
      'CWE-400',
    ]),
    judge: flag('is_vulnerable_to_client_renegotiation_dos'),
  },
  {
    command: 'tls_fallback_scsv',
    weakness: weakness('fallback-scsv', 'low', 'Downgrades are not prevented (no TLS_FALLBACK_SCSV)', [
      'CWE-757',
    ]),
    judge: flag('supports_fallback_scsv', false),
  },
  {
    command: 'http_headers',
    weakness: weakness('no-hsts', 'low', 'Strict-Transport-Security is not sent', ['CWE-319']),
    judge: (result) => {
      if (valueAt(result, 'http_error_trace') != null) return undefined;
      const header = valueAt(result, 'strict_transport_security_header');
      return header === undefined ? undefined : header === null;
    },
  },
];
