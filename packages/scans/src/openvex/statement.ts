import type { ExplanationRecord, Fact, Identifier, Instant } from '@backcheck/core';
import type { DatedVisits } from '../dated-visits.ts';
import type { Explanations } from '../explanation.ts';
import { listAt, textAt, valueAt } from '../json-value.ts';
import { purlLocus } from '../package-locus.ts';
import { productIdentifiers } from '../product-identifier.ts';
import { factOfClaim, type Stance } from '../vex-claim.ts';
import { cveIds } from '../weakness-ids.ts';
import { zonedInstant } from '../zoned-instant.ts';

/** What is kept of one statement until the time of the document is known. Times as the file has them. */
export interface Statement {
  readonly weakness: string;
  readonly aliases: readonly string[];
  readonly title: string;
  readonly status: keyof typeof STANCES;
  readonly justification: string;
  readonly timestamp: string | undefined;
  readonly updated: string | undefined;
  readonly products: readonly { readonly names: readonly string[]; readonly parts: readonly string[] }[];
  readonly line: number;
}

/** Whoever still investigates has not said that the product is free of it. */
const STANCES = {
  affected: 'present',
  under_investigation: 'present',
  fixed: 'resolved',
  not_affected: 'not-affected',
} as const satisfies Record<string, Stance>;

/** Null where it names no weakness, no product or no known status. Reads 0.0.1 (plain texts) and 0.2.0 (objects). */
export function distill(value: unknown, line: number): Statement | null {
  const vulnerability = valueAt(value, 'vulnerability');
  const weakness = nameOf(vulnerability, 'name', '@id');
  const status = textAt(value, 'status') ?? '';
  const products = listAt(value, 'products').map(productOf);
  const named = products.filter(({ names }) => names.length > 0);
  if (weakness === '' || named.length === 0 || !isStatus(status)) return null;
  return {
    weakness,
    aliases: listAt(vulnerability, 'aliases').filter((one) => typeof one === 'string'),
    title: (textAt(vulnerability, 'description') ?? '').slice(0, 500) || weakness,
    status,
    justification: textAt(value, 'justification') ?? (textAt(value, 'impact_statement') ?? '').slice(0, 200),
    timestamp: textAt(value, 'timestamp'),
    updated: textAt(value, 'last_updated'),
    products: named,
    line,
  };
}

/** A visit for each product at the time of the statement: a document repeats statements of years. */
export function factsOf(statement: Statement, documentAt: Instant | null, visits: DatedVisits): Fact[] {
  const startedAt = zonedInstant(statement.timestamp) ?? documentAt;
  const finishedAt = zonedInstant(statement.updated) ?? startedAt;
  const { weakness, aliases, title, status, justification, line } = statement;
  const about = { title, justification, severity: 'info', cwe: [], cvss: [], at: finishedAt, line } as const;
  const cve = cveIds(weakness, ...aliases);
  return statement.products.flatMap(({ names, parts }) => {
    const { id, facts } = visits.at(identifiersOf(names), startedAt, finishedAt);
    const loci = parts.length === 0 ? [''] : parts.map((part) => purlLocus('', part) ?? `#${part}`);
    const key = { asset: id, check: `openvex:${weakness}`, stance: STANCES[status], cve };
    return [...facts, ...loci.map((locus) => factOfClaim({ ...about, ...key, locus }))];
  });
}

/** What to do (`action_statement`) is said of the product, not of the weakness. */
export function explanationOf(
  { weakness, status }: Statement,
  value: unknown,
  explanations: Explanations,
): ExplanationRecord[] {
  if (STANCES[status] !== 'present') return [];
  const description = textAt(value, 'vulnerability', 'description') ?? '';
  return explanations.of(`openvex:${weakness}`, () => ({ description }));
}

function isStatus(text: string): text is Statement['status'] {
  return Object.hasOwn(STANCES, text);
}

function productOf(product: unknown): { names: string[]; parts: string[] } {
  const parts = listAt(product, 'subcomponents').map((one) => namesOf(one)[0] ?? '');
  return { names: namesOf(product), parts: parts.filter((part) => part !== '') };
}

/** The purl before the address of the product. */
function namesOf(product: unknown): string[] {
  const names = [textAt(product, 'identifiers', 'purl'), nameOf(product, '@id')];
  return names.filter((name) => name !== undefined && name !== '') as string[];
}

function nameOf(value: unknown, ...keys: readonly string[]): string {
  const texts = [value, ...keys.map((key) => textAt(value, key))];
  return (
    texts
      .find((one) => typeof one === 'string' && one.trim() !== '')
      ?.toString()
      .trim() ?? ''
  );
}

function identifiersOf(names: readonly string[]): Identifier[] {
  const products = names.flatMap(productIdentifiers);
  return products.length > 0 ? products : names.map((value) => ({ kind: 'package', value }));
}
