import type { Instant, Method, Severity, Verdict } from '@backcheck/core';
import type { Element } from './element.ts';

/** One verdict inside the output of a script. `place` becomes the locus, behind the name that was asked for. */
export interface ScriptVerdict {
  readonly place: string;
  readonly verdict: Verdict;
  readonly title: string;
  readonly severity: Severity;
  readonly cve?: readonly string[];
  readonly cwe?: readonly string[];
  readonly cvss?: readonly string[];
  readonly method?: Method;
}

/** What a script's printed table says: verdicts, and the places where its silence is an answer (E2). */
export interface ScriptSays {
  readonly verdicts: readonly ScriptVerdict[];
  readonly answered: readonly string[];
  /** What the weakness is; only of a script that judges one single weakness. */
  readonly description?: string;
}

/** When the script ran; null where the file does not say. */
export interface ScanWindow {
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
}

export type ScriptReader = (script: Element, window: ScanWindow) => ScriptSays;

export const SAYS_NOTHING: ScriptSays = { verdicts: [], answered: [] };
