import type { Order, RunContext } from '../engine.ts';
import { guardedConnect } from '../guard/connect.ts';
import { type GuardedProxy, guardedProxy } from '../guard/proxy.ts';
import { Rate } from '../guard/rate.ts';
import { Refused } from '../guard/refusal.ts';
import { hostAndPort } from './host-and-port.ts';

/** The web server that an order speaks of, and the only way to it. */
export interface WebTarget {
  /** "https://www.example.org:8443", without a path. */
  readonly origin: string;
  readonly proxy: GuardedProxy;
}

const TIMEOUT = 5000;
const PLAIN_PORTS = [80, 8080];

/** Opens the guarded proxy for one port of the order's host, does the work and closes it, whatever happened. */
export async function withWebTarget<T>(
  order: Order,
  context: RunContext,
  work: (target: WebTarget) => Promise<T>,
): Promise<T> {
  const rate = new Rate(order.rate);
  const proxy = await guardedProxy({ pinned: order, bounds: context, rate, signal: context.signal });
  try {
    const port = order.questions[0]?.port ?? 443;
    const tls = !PLAIN_PORTS.includes(port) && (await speaksTls(port, order, context));
    return await work({ origin: `${tls ? 'https' : 'http'}://${hostAndPort(order.host, port)}`, proxy });
  } finally {
    await proxy.close();
  }
}

/** Which of the two is nowhere in a finding's key; any certificate and any version will do. */
async function speaksTls(port: number, order: Order, context: RunContext): Promise<boolean> {
  const { connectTls } = guardedConnect(order, context, new Rate(order.rate));
  const tls = { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } as const;
  try {
    const socket = await connectTls(port, { signal: context.signal, timeoutMs: TIMEOUT, tls });
    socket.destroy();
    return true;
  } catch (error) {
    if (error instanceof Refused) throw error;
    return false;
  }
}
