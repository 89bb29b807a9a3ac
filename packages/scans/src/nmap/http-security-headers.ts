import { childrenOf, type Element, listOf, tableAt } from './element.ts';
import { SAYS_NOTHING, type ScriptSays, type ScriptVerdict } from './script-says.ts';

/** Headers whose lack is a finding; the table keys are the names with "_" for "-". */
const EXPECTED = ['X-Frame-Options', 'X-Content-Type-Options', 'Content-Security-Policy'] as const;
const HSTS = 'Strict-Transport-Security';

/**
 * The table lists the headers of one response to "/". When none is there the script prints no table, and then
 * nobody knows whether it ran. HSTS is only looked at over TLS: without its key there is no answer about it.
 */
export function readHttpSecurityHeaders(script: Element): ScriptSays {
  if (childrenOf(script, 'table').length === 0) return SAYS_NOTHING;
  const lines = (header: string): string[] => listOf(tableAt(script, header.replaceAll('-', '_')));
  const framed = lines('Content-Security-Policy').some((line) => /frame-ancestors/i.test(line));
  const missing = EXPECTED.filter((header) => lines(header).length === 0).filter(
    // CSP level 2 section 7.7: frame-ancestors takes the place of X-Frame-Options.
    (header) => header !== 'X-Frame-Options' || !framed,
  );
  const hsts = lines(HSTS);
  const verdicts = missing.map((header) => lack(header));
  if (hsts.some((line) => line.startsWith('HSTS not configured'))) verdicts.push(lack(HSTS));
  return { verdicts, answered: hsts.length > 0 ? [...EXPECTED, HSTS] : EXPECTED };
}

function lack(header: string): ScriptVerdict {
  const title = `The HTTP header ${header} is missing`;
  return { place: header, verdict: 'present', title, severity: 'low', cwe: ['CWE-693'] };
}
