import type { Instant } from '@backcheck/core';
import { DatedVisits } from '../dated-visits.ts';
import { Explanations } from '../explanation.ts';
import { HeldRows } from '../held-rows.ts';
import { walkJson } from '../json.ts';
import { textAt } from '../json-value.ts';
import type { Reader } from '../reader.ts';
import { zonedInstant } from '../zoned-instant.ts';
import { distill, explanationOf, factsOf, type Statement } from './statement.ts';

/**
 * OpenVEX 0.0.1 and 0.2.0. What it can prove and why: COVERAGE.md section 1, row "CycloneDX VEX / OpenVEX / CSAF".
 * The time of the document may stand behind its statements, so these wait until the end.
 */
export const openVexReader: Reader = {
  format: 'openvex',
  detect: (head) => /^\s*\{/.test(head) && /"@context"\s*:\s*"https:\/\/openvex\.dev\/ns\b/.test(head),
  async *read(bytes) {
    const held = new HeldRows<Statement>();
    const explanations = new Explanations();
    try {
      const walk = walkJson(bytes, ['statements']);
      for (;;) {
        const step = await walk.next();
        if (step.done === true) {
          const { document, truncated, warnings } = step.value;
          const at = zonedInstant(textAt(document, 'timestamp'));
          const visits = new DatedVisits();
          yield [...warnings];
          for (const rows of held.batches()) yield rows.flatMap((row) => factsOf(row, at, visits));
          return headOf(at, truncated);
        }
        for (const { value, line } of step.value.elements) {
          const statement = distill(value, line);
          if (statement !== null) {
            held.add(statement);
            yield explanationOf(statement, value, explanations);
          } else yield [{ record: 'warning', code: 'BAD_RECORD', message: BAD, line }];
        }
      }
    } finally {
      held.close();
    }
  },
};

const BAD = 'a statement without a vulnerability, a product or a known status was left out';

function headOf(at: Instant | null, truncated: boolean) {
  const tool = { name: 'openvex', version: null, feed: null };
  return { tool, startedAt: at, finishedAt: at, complete: !truncated, truncated };
}
