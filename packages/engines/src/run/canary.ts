import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { Reason } from '@backcheck/core';
import type { Guarded } from '../guard/connect.ts';
import { codeOf } from '../guard/error-code.ts';
import { Refused } from '../guard/refusal.ts';
import { type UnreachableCount, unreachableCount, whoRefuses } from '../guard/unreachable-count.ts';
import { pageOf } from './page-status.ts';

/**
 * How a port answers a plain connection. `silent`: nothing came back in time. `unreachable`: the network says that
 * nobody is there, or that it lets nobody through. `rejected`: refused, and as far as can be told by a filter in the
 * target's name, which a tool that connects as every program does takes for `closed`.
 */
export type Echo = 'open' | 'closed' | 'silent' | 'unreachable' | 'rejected';

export interface Heard {
  readonly port: number;
  readonly echo: Echo;
  /** Of a plain "GET /" as a browser sends it, where the run speaks HTTP; null: no answer to it. */
  readonly status?: number | null;
}

/** What the target said to us around the run, to nobody's tool. It goes with the task's result. */
export interface Canary {
  readonly before: readonly Heard[];
  /** Empty: the run did not come so far. */
  readonly after: readonly Heard[];
}

/** Why a run proves nothing, in one line for people. */
export interface Muted {
  readonly why: Reason;
  readonly detail: string;
}

/** What is listened to: the ports of the questions, and whether they speak HTTP. */
export interface Listening {
  readonly host: string;
  readonly address: string;
  readonly ports: readonly number[];
  readonly web: boolean;
}

const TIMEOUT = 5000;
/** A host that answers on any of these is there, though its service may be kept from us. */
const USUAL_PORTS = [443, 80, 22];

/** `count` tells of messages by which a filter refuses in the target's name. */
export async function listen(
  target: Listening,
  guarded: Guarded,
  signal: AbortSignal,
  count: UnreachableCount = unreachableCount,
): Promise<Heard[]> {
  const limits = { signal, timeoutMs: TIMEOUT };
  const connectTo = (port: number) => () => guarded.connect(port, limits);
  const before = await count();
  const heard = await Promise.all(
    target.ports.map(async (port): Promise<Heard> => {
      const echo = await echoOf(connectTo(port), signal);
      if (!target.web || echo !== 'open') return { port, echo };
      const page = await pageOf(guarded, { host: target.host, port }, limits);
      return { port, echo, status: page?.status ?? null };
    }),
  );
  if (before !== null && before === (await count())) return heard;
  // a filter spoke up, and nobody knows about which of the ports: those that refused are asked one after the other
  for (const [index, { port, echo }] of heard.entries())
    if (echo === 'closed')
      heard[index] = { port, echo: await echoOf(knowing(connectTo(port), count), signal) };
  return heard;
}

type Tried = Socket | 'closed' | 'rejected';

function knowing(connect: () => Promise<Socket>, count: UnreachableCount): () => Promise<Tried> {
  return async () => {
    const tried = await whoRefuses(connect, count);
    if (typeof tried === 'object') return tried.connected;
    return tried === 'target' ? 'closed' : 'rejected';
  };
}

async function echoOf(connect: () => Promise<Tried>, signal: AbortSignal): Promise<Echo> {
  try {
    const tried = await connect();
    if (typeof tried === 'string') return tried;
    tried.on('error', () => undefined).destroy();
    return 'open';
  } catch (error) {
    if (error instanceof Refused || signal.aborted) throw error;
    return ECHOES[codeOf(error)] ?? 'unreachable';
  }
}

const ECHOES: Readonly<Record<string, Echo>> = {
  ECONNREFUSED: 'closed',
  // accepted and thrown out before the handshake was over
  ECONNRESET: 'closed',
  ETIMEDOUT: 'silent',
};

export const answers = ({ echo }: Heard): boolean => echo === 'open' || echo === 'closed';

/**
 * Null: no port is refused by a filter. One is enough to spoil a run, for a tool that connects as every program does
 * would call it closed, and fixed.
 */
export function whoRejects(heard: readonly Heard[]): Muted | null {
  const one = heard.find(({ echo }) => echo === 'rejected');
  return one === undefined
    ? null
    : { why: 'BLOCKED', detail: `port ${one.port} is refused by a filter before the target (ICMP)` };
}

/**
 * Nothing of what was asked answers. A host that is met on another port, or at least on its own link, is there and
 * keeps us out: BLOCKED. A host that is met nowhere may be down as well as behind a filter, and nobody can tell.
 */
export async function whySilent(target: Listening, guarded: Guarded, signal: AbortSignal): Promise<Muted> {
  const ports = USUAL_PORTS.filter((port) => !target.ports.includes(port));
  const others = await listen({ ...target, ports, web: false }, guarded, signal);
  const other = others.find(answers);
  const asked = `no answer from port ${target.ports.join(', ')}`;
  if (other !== undefined)
    return { why: 'BLOCKED', detail: `${asked}, but port ${other.port} is ${other.echo}` };
  if (await isOnLink(target.address)) return { why: 'BLOCKED', detail: `${asked}, but the host answers ARP` };
  return { why: 'NO_HOST', detail: `${asked}, nor from port ${ports.join(', ')}` };
}

/**
 * Linux keeps the neighbours that answered (RFC 826): flag 0x2 is a complete entry. It remembers one that went down
 * for up to a minute, which only changes the words: neither reason closes anything. Elsewhere nothing is known.
 */
async function isOnLink(address: string): Promise<boolean> {
  const table = await readFile('/proc/net/arp', 'utf8').catch(() => '');
  return table.split('\n').some((line) => {
    const [ip, , flags] = line.split(/\s+/);
    return ip === address && (Number(flags) & 2) !== 0;
  });
}

/** What a filter answers once it has seen enough of a scanner. */
const TURNED_AWAY = new Set([403, 406, 429, 503]);

/** Null: it answers as before, so that nothing came between it and the tool as far as can be told from outside. */
export function whatChanged({ before, after }: Canary): Muted | null {
  for (const was of before) {
    const is = after.find(({ port }) => port === was.port);
    const muted = is === undefined ? null : changeOf(was, is);
    if (muted !== null) return muted;
  }
  return null;
}

function changeOf(was: Heard, is: Heard): Muted | null {
  const detail = `port ${was.port} was ${was.echo} before the run and is ${is.echo} after it`;
  if (was.echo !== is.echo)
    return { why: answers(was) && is.echo !== 'open' ? 'BLOCKED' : 'INCOMPLETE', detail };
  const [old, now] = [was.status ?? null, is.status ?? null];
  if (old === null || old === now || (now !== null && !TURNED_AWAY.has(now))) return null;
  return {
    why: 'BLOCKED',
    detail: `port ${was.port} answered GET / with ${old} before the run and with ${now ?? 'nothing'} after it`,
  };
}
