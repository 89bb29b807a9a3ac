import type { ObservationRecord } from '../observe/record.ts';
import { equivalenceOf } from './equivalence.ts';

/** The parts of a finding by which it is grouped. */
export type ProblemParts = Pick<ObservationRecord, 'check' | 'locus' | 'cve' | 'transport' | 'port'>;

/** `key` is equal for findings of one asset that are one problem. `name`: the equivalence behind it, if any. */
export interface Problem {
  readonly key: string;
  readonly name: string | null;
}

/** Package findings are written `place#pkg:type/ns/name@version`: neither place nor version makes another problem. */
export const PACKAGE_IN_LOCUS = '(?:^|#)(pkg:[^@?#]+)';
const PACKAGE = new RegExp(PACKAGE_IN_LOCUS);

/**
 * Same weakness, several tools: one problem. By a declared equivalence at one service; else by the same CVEs in one
 * package or service; else the check stands alone. The SQL in db/src/problem-key.ts says the same.
 */
export function problemOf({ check, locus, cve, transport, port }: ProblemParts): Problem {
  const service = `${transport}/${port}`;
  const equivalence = equivalenceOf({ check, locus });
  if (equivalence !== null) {
    return { key: ['weakness', equivalence.name, service].join('\u001f'), name: equivalence.name };
  }
  const named = [...new Set(cve)].sort().join(',');
  const parts =
    named === '' ? ['check', check, service, locus] : ['cve', named, PACKAGE.exec(locus)?.[1] ?? service];
  return { key: parts.join('\u001f'), name: null };
}
