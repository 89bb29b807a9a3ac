import type { Fact } from '@backcheck/core';
import { decodeText } from '../decode.ts';
import { walkJson } from '../json.ts';
import { listAt, textAt, valueAt, writtenAt } from '../json-value.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { VisitLog } from '../visit-log.ts';
import { type PortRow, portFacts } from './row.ts';

/**
 * Masscan's JSON (`-oJ`) of all versions, and its lines (`-oD`). An open port is a presence, a closed one
 * (`--show closed`) an absence; nothing else is said.
 */
export const masscanReader: Reader = {
  format: 'masscan',
  detect: looksLikeMasscan,
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const visits = new VisitLog();
    const text = new MasscanText();
    const walk = walkJson(text.mended(bytes), ['']);
    for (;;) {
      const step = await walk.next();
      if (step.done === true) {
        const { truncated, warnings } = step.value;
        if (warnings.length > 0) yield [...warnings];
        yield* visits.assets();
        const { startedAt, finishedAt } = visits;
        const tool = { name: 'masscan', version: null, feed: null };
        return { tool, startedAt, finishedAt, complete: text.ended && !truncated, truncated };
      }
      yield step.value.elements.flatMap(({ value, line }) => factsOf(value, line, visits));
    }
  },
};

function looksLikeMasscan(head: string): boolean {
  const start = head.slice(0, 4096);
  const keys = [/"ip"\s*:\s*"/, /"timestamp"\s*:\s*"\d{1,12}"/, /"ports?"\s*:/, /"proto"\s*:/];
  return /^\s*(?:\[[\s,]*)?\{/.test(start) && keys.every((key) => key.test(start));
}

function factsOf(value: unknown, line: number, visits: VisitLog): Fact[] {
  const message = 'a record without a usable address and port';
  const bad: Fact = { record: 'warning', code: 'BAD_RECORD', message, line };
  const rows = rowsOf(value);
  return rows.length === 0 ? [bad] : rows.flatMap((row) => portFacts(row, visits) ?? [bad]);
}

/** `-oJ` has a list of ports, always of one; `-oD` has one port, and its state apart. */
function rowsOf(value: unknown): PortRow[] {
  const address = textAt(value, 'ip') ?? '';
  const time = writtenAt(value, 'timestamp');
  const listed = listAt(value, 'ports').map((port) => ({
    port,
    said: port,
    service: valueAt(port, 'service'),
  }));
  const data = valueAt(value, 'data');
  const line = data === undefined ? [] : [{ port: value, said: data, service: data }];
  return [...listed, ...line].map(({ port, said, service }) => ({
    address,
    time,
    protocol: textAt(port, 'proto') ?? '',
    port: writtenAt(port, 'port'),
    status: textAt(said, 'status') ?? '',
    service: textAt(service, 'name') ?? textAt(service, 'service_name') ?? '',
    banner: textAt(service, 'banner') ?? '',
  }));
}

/** Characters that may stand between a comma and what follows it, or in the mark of the end. */
const KEPT = 256;

/**
 * Makes one JSON array of what Masscan wrote: up to 1.0.4 a comma behind the last record and `{finished: 1}` behind
 * it, once without brackets; with `-oD` lines. A change can reach into a banner, which nothing is read from but names.
 */
class MasscanText {
  /** The file has its end mark. */
  ended = false;
  #bracketed: boolean | undefined;
  #held = '';

  async *mended(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of decodeText(bytes)) {
      this.#held += piece;
      this.#mend();
      if (this.#bracketed === undefined && this.#held.trim() !== '') {
        this.#bracketed = /^\s*\[/.test(this.#held);
        if (!this.#bracketed) this.#held = `[${this.#held}`;
      }
      const ready = this.#held.slice(0, -KEPT);
      this.#held = this.#held.slice(-KEPT);
      if (ready !== '') yield Buffer.from(ready);
    }
    const rest = this.#held.trimEnd().replace(/,$/, '');
    this.ended ||= this.#bracketed === true && rest.endsWith(']');
    yield Buffer.from(this.#bracketed === false && rest.endsWith('}') ? `${rest}]` : rest);
  }

  #mend(): void {
    this.#held = this.#held
      .replace(/\{\s*finished\s*:\s*1\s*\}/g, () => {
        this.ended = true;
        return '';
      })
      .replace(/\}(\s*)\{/g, '},$1{')
      .replace(/,(?=\s*[\],])/g, '');
  }
}
