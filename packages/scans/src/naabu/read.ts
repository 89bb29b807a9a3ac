import { isIP } from 'node:net';
import type { Fact, Identifier, Transport } from '@backcheck/core';
import { hostIdentifier } from '../host-identifier.ts';
import { walkJsonRecords } from '../json-lines.ts';
import { textAt, valueAt } from '../json-value.ts';
import { lookUp } from '../look-up.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { VisitLog } from '../visit-log.ts';
import { zonedInstant } from '../zoned-instant.ts';

/**
 * Naabu's JSON (`-json`): one line for each open port. Which ports were asked for, which were closed and who did not
 * answer stands nowhere, so that its silence proves nothing.
 */
export const naabuReader: Reader = {
  format: 'naabu',
  detect: looksLikeNaabu,
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const visits = new VisitLog();
    const walk = walkJsonRecords(bytes);
    for (;;) {
      const step = await walk.next();
      if (step.done === true) {
        const { truncated, warnings } = step.value;
        if (warnings.length > 0) yield [...warnings];
        yield* visits.assets();
        const { startedAt, finishedAt } = visits;
        const tool = { name: 'naabu', version: null, feed: null };
        return { tool, startedAt, finishedAt, complete: !truncated, truncated };
      }
      yield step.value
        .map(({ value, line }) => factOf(value, line, visits))
        .filter((fact) => fact !== undefined);
    }
  },
};

/** Every key that Naabu writes (runner.Result): the first line must have no other. */
const KEYS = new Set(
  (
    'host ip port protocol tls cdn cdn-name timestamp mac_address device_type extra_info high_version hostname ' +
    'low_version method name os_type product proto rpc_num service_fp tunnel version confidence cpes'
  ).split(' '),
);

function looksLikeNaabu(head: string): boolean {
  const line = head.trimStart().split('\n', 1)[0] ?? '';
  if (!line.startsWith('{')) return false;
  try {
    const value: unknown = JSON.parse(line);
    const named = textAt(value, 'ip') ?? textAt(value, 'host');
    return (
      named !== undefined &&
      valueAt(value, 'port') !== undefined &&
      Object.keys(Object(value)).every((key) => KEYS.has(key))
    );
  } catch {
    return false;
  }
}

const TRANSPORTS: Readonly<Record<string, Transport>> = { tcp: 'tcp', udp: 'udp', sctp: 'sctp' };

/** Undefined for a host that was found without a port (`-sn`). */
function factOf(value: unknown, line: number, visits: VisitLog): Fact | undefined {
  const [addressed, ...others] = identifiersOf(value);
  // Versions 2.0 to 2.1 write {"Port":443,"Protocol":0,"TLS":false}.
  const port = valueAt(value, 'port', 'Port') ?? valueAt(value, 'port') ?? 0;
  const name = textAt(value, 'protocol') || 'tcp';
  const transport = lookUp(TRANSPORTS, name);
  const sound = typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535;
  if (addressed === undefined || transport === undefined || !sound) {
    return {
      record: 'warning',
      code: 'BAD_RECORD',
      message: 'a line without a usable address and port',
      line,
    };
  }
  const at = zonedInstant(textAt(value, 'timestamp'));
  const visit = visits.visit(addressed, others);
  visit.reached = true;
  visit.seenAt(at === null ? null : Date.parse(at));
  if (port === 0) return undefined;
  return {
    record: 'observation',
    asset: visit.id,
    transport,
    port,
    check: 'naabu:open-port',
    locus: '',
    verdict: 'present',
    title: `Port ${port}/${transport} is open`,
    severity: 'info',
    cve: [],
    cwe: [],
    cvss: [],
    at,
  };
}

/** The name that was asked for comes before the address that it resolved to. */
function identifiersOf(value: unknown): Identifier[] {
  const host = hostIdentifier(textAt(value, 'host') ?? '');
  const ip = textAt(value, 'ip') ?? '';
  const mac = (textAt(value, 'mac_address') ?? '').toLowerCase();
  return [
    ...(host === undefined ? [] : [host]),
    ...(isIP(ip) === 0 || host?.value === ip ? [] : [{ kind: 'ip', value: ip } as const]),
    ...(/^(?:[\da-f]{2}:){5}[\da-f]{2}$/.test(mac) ? [{ kind: 'mac', value: mac } as const] : []),
  ];
}
