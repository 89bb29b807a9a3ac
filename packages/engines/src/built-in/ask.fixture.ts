import { createSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Question, ScanFacts } from '@backcheck/core';
import { collectScan, readScan } from '@backcheck/scans';
import { signed } from '../guard/authorization.fixture.ts';
import { guardedConnect } from '../guard/connect.ts';
import { Rate } from '../guard/rate.ts';
import { runProbes, type Ways } from './engine.ts';

export interface Asking {
  readonly port: number;
  /** "backcheck-tls:tls1.0", or with a locus behind a blank. */
  readonly checks: readonly string[];
  readonly host?: string;
  readonly transport?: Question['transport'];
  readonly texts?: Ways['resolveTxt'];
  readonly signal?: AbortSignal;
  readonly patienceMs?: number;
  /** Time of the whole run; without it that of the machine. */
  readonly at?: string;
}

const FOR_EVER = {
  ranges: ['127.0.0.1/32'],
  validFrom: '2000-01-01T00:00:00.000Z',
  expiresAt: '2100-01-01T00:00:00.000Z',
};

/** Runs our probes against a port of this machine and reads the file that they write. */
export async function ask(asking: Asking): Promise<ScanFacts> {
  const { port, checks, host = '127.0.0.1', transport = 'tcp', texts, patienceMs = 10_000, at } = asking;
  const questions = checks.map((text): Question => {
    const [, check = '', locus = ''] = /^(\S+) ?(.*)$/.exec(text) ?? [];
    return { findingId: text, transport, port, check, locus };
  });
  const order = {
    engine: 'backcheck',
    method: 'tls',
    vantage: 'lab',
    address: '127.0.0.1',
    rate: 10_000,
    host,
    questions,
  } as const;
  const context = {
    signal: asking.signal ?? new AbortController().signal,
    clock: () => (at === undefined ? new Date() : new Date(at)),
  };
  const bounds = {
    ...context,
    ownAddresses: [],
    authorization: signed({ ...FOR_EVER, names: host === '127.0.0.1' ? [] : [host] }),
  };
  const nobody = (): Promise<never> =>
    Promise.reject(Object.assign(new Error('no resolver'), { code: 'ESERVFAIL' }));
  const ways: Ways = { ...guardedConnect(order, bounds, new Rate(order.rate)), resolveTxt: texts ?? nobody };
  const patience = { connectMs: patienceMs, conversationMs: patienceMs };
  const result = await runProbes(order, context, ways, patience);
  if (result.kind !== 'file') throw new Error(result.why);
  return collectScan(readScan(Readable.from([result.bytes])));
}

/** "backcheck-tls:tls1.0 present", and what was left without an answer by its reason. */
export function said(facts: ScanFacts): string[] {
  return [
    ...facts.observations.map(({ check, locus, verdict }) =>
      [check, locus, verdict].filter(Boolean).join(' '),
    ),
    ...facts.coverage.map(({ checks, within, evidence, reason }) =>
      ['ids' in checks ? checks.ids.join() : '', ...(within ?? []), evidence, reason]
        .filter(Boolean)
        .join(' '),
    ),
  ];
}

/** A TCP server that treats each connection as `talk` does, while `work` runs. */
export async function withServer<T>(
  talk: (socket: Socket) => void,
  work: (port: number) => Promise<T>,
): Promise<T> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    // The client goes away in the middle: that is what it is tested for.
    socket.on('error', () => socket.destroy());
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(portOf(server.address()));
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A UDP server; `reply` gives its answer, or null. */
export async function withUdpServer<T>(
  reply: (question: Buffer) => Uint8Array | null,
  work: (port: number) => Promise<T>,
): Promise<T> {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const answer = reply(question);
    if (answer !== null) socket.send(answer, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  try {
    return await work(socket.address().port);
  } finally {
    await new Promise<void>((resolve) => socket.close(resolve));
  }
}

function portOf(address: ReturnType<Server['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
