import { createHash } from 'node:crypto';
import type pg from 'pg';

/** Texts that vary without end would fill each connection's memory; beyond these they are planned each time. */
const MOST_STATEMENTS = 500;
const names = new Map<string, string>();

/**
 * A statement that each connection plans once and keeps. The policies of row-level security stand in the plan of every
 * table: planning the list of findings took 10 to 36 ms, running it 2 to 15 ms. For statements that screens ask for often
 * and whose text has no values in it.
 */
export function prepared(text: string, values: unknown[]): pg.QueryConfig {
  const name = names.get(text) ?? named(text);
  return name === null ? { text, values } : { name, text, values };
}

function named(text: string): string | null {
  if (names.size >= MOST_STATEMENTS) return null;
  const name = createHash('sha256').update(text).digest('hex').slice(0, 24);
  names.set(text, name);
  return name;
}

/** What screens and exports ask for. */
const PAGE_SIZES: readonly number[] = [50, 100, 200];

/**
 * A statement with the size of its page in its text, which the planner needs to know. Only usual sizes are kept: whoever
 * asks for each size once would take the places of all other statements.
 */
export function preparedPage(size: number, text: string, values: unknown[]): pg.QueryConfig {
  return PAGE_SIZES.includes(size) ? prepared(text, values) : { text, values };
}
