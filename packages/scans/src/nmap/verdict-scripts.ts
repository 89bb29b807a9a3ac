import type { Severity, Verdict } from '@backcheck/core';
import { unbroken } from '../explanation.ts';
import { childrenOf, type Element, elemAt, listOf, tableAt } from './element.ts';
import { SAYS_NOTHING, type ScriptSays, type ScriptVerdict } from './script-says.ts';

/**
 * Scripts of Nmap 7.93 that judge one single weakness each: their locus is empty. All others tell several
 * apart (ssl-dh-params: four), or may; their locus is the CVE or the title of the table.
 * Never the table key as such: "NMAP-3" counts reports of one run and means another weakness in the next.
 */
const SINGLE = new Set(
  `afp-path-vuln distcc-cve2004-2687 ftp-libopie ftp-vsftpd-backdoor ftp-vuln-cve2010-4221
  http-cross-domain-policy http-dlink-backdoor http-frontpage-login http-huawei-hg5xx-vuln
  http-iis-short-name-brute http-method-tamper http-phpmyadmin-dir-traversal http-sap-netweaver-leak
  http-shellshock http-slowloris-check http-tplink-dir-traversal http-vuln-cve2006-3392 http-vuln-cve2009-3960
  http-vuln-cve2010-2861 http-vuln-cve2011-3192 http-vuln-cve2011-3368 http-vuln-cve2012-1823
  http-vuln-cve2013-0156 http-vuln-cve2013-6786 http-vuln-cve2013-7091 http-vuln-cve2014-2126
  http-vuln-cve2014-2127 http-vuln-cve2014-2128 http-vuln-cve2014-2129 http-vuln-cve2014-3704
  http-vuln-cve2014-8877 http-vuln-cve2015-1427 http-vuln-cve2015-1635 http-vuln-cve2017-1001000
  http-vuln-cve2017-5638 http-vuln-cve2017-5689 http-vuln-cve2017-8917 http-vuln-misfortune-cookie
  http-vuln-wnr1000-creds ipmi-cipher-zero mysql-vuln-cve2012-2122 realvnc-auth-bypass rmi-vuln-classloader
  rsa-vuln-roca samba-vuln-cve-2012-1182 smb-double-pulsar-backdoor smb-vuln-conficker smb-vuln-cve-2017-7494
  smb-vuln-cve2009-3103 smb-vuln-ms06-025 smb-vuln-ms07-029 smb-vuln-ms08-067 smb-vuln-ms10-054
  smb-vuln-ms10-061 smb-vuln-ms17-010 smb-vuln-regsvc-dos smb-vuln-webexec smtp-vuln-cve2011-1720
  smtp-vuln-cve2011-1764 ssl-ccs-injection ssl-heartbleed ssl-poodle supermicro-ipmi-conf
  tls-ticketbleed`.split(/\s+/),
);

/** `STATE_MSG` of nselib/vulns.lua. Anything else is no answer. */
const STATES: ReadonlyMap<string, Verdict> = new Map([
  ['VULNERABLE', 'present'],
  ['VULNERABLE (DoS)', 'present'],
  ['VULNERABLE (Exploitable)', 'present'],
  ['LIKELY VULNERABLE', 'present'],
  ['NOT VULNERABLE', 'absent'],
]);

const CVE = /CVE-\d{4}-\d{4,}/g;

/** Reads the tables that nselib/vulns.lua writes: `<table key="CVE-…">` with `title`, `state`, `ids`, `refs`. */
export function readVerdictTables(script: Element): ScriptSays {
  const id = script.attributes['id'] ?? '';
  const verdicts: ScriptVerdict[] = [];
  let description = '';
  for (const table of childrenOf(script, 'table')) {
    const state = elemAt(table, 'state');
    const title = elemAt(table, 'title');
    if (state === undefined || title === undefined) continue;
    verdicts.push(verdictOf(id, table, { state, title }));
    if (SINGLE.has(id)) description ||= unbroken(listOf(tableAt(table, 'description')).join('\n'));
  }
  return verdicts.length === 0 ? SAYS_NOTHING : { verdicts, answered: [], description };
}

function verdictOf(
  id: string,
  table: Element,
  { state, title }: { state: string; title: string },
): ScriptVerdict {
  const key = table.attributes['key'] ?? '';
  const named = [...key.matchAll(CVE), ...listOf(tableAt(table, 'ids')).join(' ').matchAll(CVE)].map(
    ([cve]) => cve,
  );
  // ssl-heartbleed and others name their CVE in the references only.
  const referred = [...listOf(tableAt(table, 'refs')).join(' ').matchAll(CVE)].map(([cve]) => cve);
  const cve = [...new Set(named.length > 0 ? named : referred)].sort();
  const verdict = STATES.get(state.trim()) ?? 'error';
  const scores = listOf(tableAt(table, 'scores')).join(' ');
  return {
    place: SINGLE.has(id) ? '' : (named[0] ?? titlePlace(title)),
    verdict,
    title: firstSentence(title),
    severity: verdict === 'present' ? severityOf(state, scores) : 'info',
    cve,
    cvss: [...scores.matchAll(/\((AV:[NAL][\w:/]+)\)/g)].map(([, vector]) => vector ?? ''),
  };
}

function firstSentence(title: string): string {
  return title.split(/\.\s/, 1)[0] ?? title;
}

/** "Diffie-Hellman Key Exchange Insufficient Group Strength" -> "diffie-hellman-key-exchange-insufficient-group-strength" */
function titlePlace(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 120);
}

function severityOf(state: string, scores: string): Severity {
  const score = Number(/\b(\d{1,2}(?:\.\d)?) \(/.exec(scores)?.[1]);
  if (!Number.isNaN(score)) return scoreSeverity(score);
  return state.includes('Exploitable') ? 'high' : 'medium';
}

/** The ranges of CVSS v3.1 section 5, also used here for scores without a version. */
export function scoreSeverity(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'info';
}
