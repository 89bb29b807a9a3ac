import { writtenAt } from './json-value.ts';

/** CVE ids in any of these texts, upper case, each once, in the order of their mention. */
export function cveIds(...texts: readonly unknown[]): string[] {
  return distinct(texts.flatMap((text) => (typeof text === 'string' ? (text.match(CVE) ?? []) : [])));
}

/**
 * CWE ids, as "CWE-79", each once: from "CWE-79", "cwe79", "cwe/cwe-079" anywhere in a text, and from a bare
 * number ("79", 79) that is all there is. 0 and -1 stand for "none" in many tools.
 */
export function cweIds(...values: readonly unknown[]): string[] {
  const numbers = values.flatMap((value) => {
    const text = writtenAt(value).trim();
    if (/^\d{1,5}$/.test(text)) return [Number(text)];
    return [...text.matchAll(/\bCWE[-:_ ]?0*(\d{1,5})\b/gi)].map((match) => Number(match[1]));
  });
  return distinct(numbers.filter((number) => number > 0).map((number) => `CWE-${number}`));
}

const CVE = /\bCVE-\d{4}-\d{4,19}\b/gi;

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids.map((id) => id.toUpperCase()))];
}
