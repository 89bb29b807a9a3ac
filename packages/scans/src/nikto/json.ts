import type { AssetRecord, ObservationRecord, WarningRecord } from '@backcheck/core';
import { HeldRows } from '../held-rows.ts';
import { type JsonElement, walkJson } from '../json.ts';
import { textAt, writtenAt } from '../json-value.ts';
import { portNumber } from '../port-number.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { zonedInstant } from '../zoned-instant.ts';
import { checkOf, identifiersOf, type NiktoItem, observationOf } from './item.ts';

/**
 * Nikto's JSON: one object, since 2.5 a list of them. It has no counts, so its silence says nothing; since 2.6 it
 * has times with their zone. The writer of 2.1.6 forgot to drop its last commas: such a file is read up to there.
 */
export const niktoJsonReader: Reader = {
  format: 'nikto-json',
  detect: (head) =>
    /^\s*(?:\{|\[\s*\{)/.test(head) &&
    ['ip', 'port', 'vulnerabilities'].every((key) => head.includes(`"${key}"`)) &&
    /"(?:server_)?banner"\s*:/.test(head),
  async *read(bytes) {
    const rows = new HeldRows<Row>();
    try {
      const walk = walkJson(bytes, ['vulnerabilities', '*.vulnerabilities']);
      let bad: WarningRecord[] = [];
      for (;;) {
        const step = await walk.next();
        if (step.done !== true) {
          for (const element of step.value.elements) {
            if (!keep(element, rows) && bad.length === 0) bad = [leftOut(element.line)];
          }
          continue;
        }
        const { document, truncated, warnings } = step.value;
        const targets = (Array.isArray(document) ? document : [document]).map(targetOf);
        yield [...warnings, ...bad, ...targets.flatMap((one) => one?.asset ?? [])];
        for (const batch of rows.batches()) yield batch.flatMap((row) => observed(row, targets));
        return headOf(targets, truncated, bad.length === 0);
      }
    } finally {
      rows.close();
    }
  },
};

interface Row extends NiktoItem {
  /** Index of the target. */
  readonly target: number;
}

/** False when the element is no item. */
function keep({ keys, value }: JsonElement, rows: HeldRows<Row>): boolean {
  const check = checkOf(writtenAt(value, 'id'));
  if (check === undefined) return false;
  const target = typeof keys[0] === 'number' ? keys[0] : 0;
  const [uri = '', method = '', message = ''] = ['url', 'method', 'msg'].map((key) => textAt(value, key));
  rows.add({ target, check, uri, method, message, references: textAt(value, 'references') ?? '' });
  return true;
}

function leftOut(line: number): WarningRecord {
  const message = 'items without a number were left out; the first of them stands here';
  return { record: 'warning', code: 'BAD_RECORD', message, line };
}

interface Target {
  readonly asset: AssetRecord;
  readonly port: number;
}

function targetOf(value: unknown, index: number): Target | undefined {
  const identifiers = identifiersOf(textAt(value, 'host'), textAt(value, 'ip'));
  const port = portNumber(writtenAt(value, 'port'));
  if (identifiers.length === 0 || port === undefined) return undefined;
  const [startedAt, finishedAt] = ['start_time', 'end_time'].map((key) => zonedInstant(textAt(value, key)));
  const times = { startedAt: startedAt ?? null, finishedAt: finishedAt ?? null };
  const asset = { record: 'asset', id: `a${index + 1}`, identifiers, reached: true, ...times } as const;
  return { asset: { ...asset, credential: 'none', reason: 'CHECK_NOT_RUN' }, port };
}

function observed(row: Row, targets: readonly (Target | undefined)[]): ObservationRecord[] {
  const target = targets[row.target];
  return target === undefined ? [] : [observationOf(target.asset.id, target.port, row)];
}

function headOf(targets: readonly (Target | undefined)[], truncated: boolean, sound: boolean): ScanHead {
  const times = targets.map((one) => one?.asset);
  const started = times.map((one) => one?.startedAt ?? null);
  const finished = times.map((one) => one?.finishedAt ?? null);
  return {
    tool: { name: 'nikto', version: null, feed: null },
    startedAt: started.includes(null) ? null : (started.sort()[0] ?? null),
    finishedAt: finished.includes(null) ? null : (finished.sort().at(-1) ?? null),
    complete: !truncated && sound && !targets.includes(undefined),
    truncated,
  };
}
