import type { Fact } from '@backcheck/core';
import { walkJson } from '../json.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { TestsslRun } from './run.ts';

/** Rows of the flat format; rows of the sections of each target in the pretty format. */
const PATHS = ['', 'scanResult.*.*'] as const;

/**
 * The JSON of testssl.sh (3.0 and 3.2), flat (`--jsonfile`) and pretty (`--jsonfile-pretty`). Every row is a
 * verdict of its own (E3), so that also the rows of an interrupted run count. Only the pretty format says when
 * and with which version the scan was made.
 */
export const testsslReader: Reader = {
  format: 'testssl',
  detect: looksLikeTestssl,
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const run = new TestsslRun();
    const walk = walkJson(bytes, PATHS);
    for (;;) {
      const step = await walk.next();
      if (step.done === true) {
        const { document, truncated, warnings } = step.value;
        const rest = [...run.finish(document), ...warnings];
        if (rest.length > 0) yield rest;
        return run.head(document, truncated);
      }
      for (const element of step.value.elements) run.take(element, step.value.soFar);
      const facts = run.drain();
      if (facts.length > 0) yield facts;
    }
  },
};

function looksLikeTestssl(head: string): boolean {
  const text = head.trimStart();
  if (text.startsWith('{')) return /"Invocation"\s*:/.test(text) && /"scanResult"\s*:\s*\[/.test(text);
  const keys = ['id', 'ip', 'port', 'severity', 'finding'];
  return /^\[\s*\{/.test(text) && keys.every((key) => new RegExp(`"${key}"\\s*:`).test(text));
}
