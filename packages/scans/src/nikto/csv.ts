import type { Fact } from '@backcheck/core';
import { type CsvRow, walkCsv } from '../csv.ts';
import { decodeText } from '../decode.ts';
import { portNumber } from '../port-number.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { slugOf } from '../slug.ts';
import { identifiersOf, observationOf } from './item.ts';

/**
 * Nikto's CSV: a line with the version, then for each target a line with its banner and one for each item. It has
 * neither numbers of tests, nor times, nor an end, so it can only show what is there.
 */
export const niktoCsvReader: Reader = {
  format: 'nikto-csv',
  detect: (head) => TITLE.test(head.trimStart().replace(/^"/, '')),
  async *read(bytes) {
    const file = new NiktoCsv();
    const walk = walkCsv(doubledQuotes(bytes));
    for (;;) {
      const step = await walk.next();
      if (step.done === true) {
        const { truncated, warnings } = step.value;
        if (warnings.length > 0) yield [...warnings];
        return file.head(truncated);
      }
      yield step.value.flatMap((row) => file.facts(row));
    }
  },
};

const TITLE = /^Nikto - v(\d[\w.-]{0,20})/;

class NiktoCsv {
  #version: string | null = null;
  readonly #assets = new Map<string, string>();
  #bad = false;

  facts({ cells, line }: CsvRow): Fact[] {
    const [host = '', address = '', portText, references = '', method = '', uri = '', ...texts] = cells;
    const title = TITLE.exec(host);
    if (title !== null) {
      this.#version = title[1] ?? null;
      return [];
    }
    const port = portNumber(portText);
    const identifiers = identifiersOf(host, address);
    if (port === undefined || identifiers.length === 0) {
      if (this.#bad) return [];
      this.#bad = true;
      const message = 'rows without a usable name and port were left out; the first of them ends here';
      return [{ record: 'warning', code: 'BAD_RECORD', message, line }];
    }
    const name = `${host} ${address}`;
    const id = this.#assets.get(name) ?? `a${this.#assets.size + 1}`;
    const facts: Fact[] = [];
    if (!this.#assets.has(name)) {
      this.#assets.set(name, id);
      const none = {
        startedAt: null,
        finishedAt: null,
        credential: 'none',
        reason: 'CHECK_NOT_RUN',
      } as const;
      facts.push({ record: 'asset', id, identifiers, reached: true, ...none });
    }
    const message = texts.join(',');
    if (method === '' && uri === '') return facts;
    const check = `nikto-message:${nameOf(message)}`;
    return [...facts, observationOf(id, port, { check, uri, method, message, references })];
  }

  head(truncated: boolean): ScanHead {
    const tool = { name: 'nikto', version: this.#version, feed: null };
    return { tool, startedAt: null, finishedAt: null, complete: false, truncated };
  }
}

/** A name for the test, out of its message without what changes from run to run: quoted values, versions, numbers. */
function nameOf(message: string): string {
  const sentence =
    message
      .slice(0, 300)
      .replace(/^\S*:\s/, '')
      .split(/:\s|\. /, 1)[0] ?? '';
  return slugOf(sentence.replace(/'[^']*'|"[^"]*"|\S*\d\S*/g, ' ')) || 'no-message';
}

/** Characters that decide about a mark, and the mark. */
const LOOK_AHEAD = 4;
const INNER_QUOTE = /\\"(?!\r?\n|,"|$)/g;

/**
 * Nikto writes a quote within a value as \" and not doubled. What stands before the end of a value is a backslash
 * and the closing quote. Gives UTF-8 with its mark.
 */
async function* doubledQuotes(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = '\ufeff';
  for await (const piece of decodeText(bytes)) {
    const text = rest + piece;
    const end = Math.max(0, text.length - LOOK_AHEAD);
    // Never between the halves of one character.
    const ready = /[\udc00-\udfff]/.test(text.charAt(end)) ? end - 1 : end;
    const doubled = text.replace(INNER_QUOTE, (mark, at) => (at < ready ? '""' : mark));
    rest = text.slice(ready);
    if (ready > 0) yield Buffer.from(doubled.slice(0, ready));
  }
  if (rest !== '\ufeff') yield Buffer.from(rest.replace(INNER_QUOTE, '""'));
}
