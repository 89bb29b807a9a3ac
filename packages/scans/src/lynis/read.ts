import type { Fact } from '@backcheck/core';
import { decodeText } from '../decode.ts';
import type { Reader } from '../reader.ts';
import { LynisReport } from './report.ts';

/**
 * Lynis report.dat: one "key=value" on each line. What it can prove and why: COVERAGE.md section 1, row "Lynis
 * report.dat".
 */
export const lynisReader: Reader = {
  format: 'lynis',
  detect: (head) =>
    /^\s*# Lynis Report\b/.test(head) ||
    (/^lynis_version=/m.test(head) && /^report_version_major=/m.test(head)),
  async *read(bytes) {
    const report = new LynisReport();
    try {
      for await (const lines of linesOf(decodeText(bytes))) {
        const facts: Fact[] = lines.flatMap(({ text, line }) => report.line(text, line));
        if (facts.length > 0) yield facts;
      }
      yield* report.facts();
      return report.head();
    } finally {
      report.close();
    }
  },
};

/** Characters of one line: the list of all packages of a machine has some hundred thousand. */
const MAX_LINE = 4 * 1024 * 1024;

interface Line {
  /** Null for a line that is too long. */
  readonly text: string | null;
  /** From 1. */
  readonly line: number;
}

async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<Line[]> {
  let rest: string[] = [];
  let length = 0;
  let line = 1;
  const keep = (text: string): void => {
    length += text.length;
    if (length > MAX_LINE) rest = [];
    else rest.push(text);
  };
  const take = (): Line => {
    const whole = { text: length > MAX_LINE ? null : rest.join('').replace(/\r$/, ''), line };
    rest = [];
    length = 0;
    line += 1;
    return whole;
  };
  for await (const piece of pieces) {
    const lines: Line[] = [];
    let from = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
      keep(piece.slice(from, end));
      lines.push(take());
      from = end + 1;
    }
    keep(piece.slice(from));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [take()];
}
