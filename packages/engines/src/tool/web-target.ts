import type { Order, RunContext, RunResult } from '../engine.ts';
import { guardedConnect } from '../guard/connect.ts';
import { type GuardedProxy, guardedProxy } from '../guard/proxy.ts';
import { Rate } from '../guard/rate.ts';
import { pageOf } from '../run/page-status.ts';
import { hostAndPort } from './host-and-port.ts';
import { noAnswer } from './run-for-file.ts';

/** The web server that an order speaks of, and the only way to it. */
export interface WebTarget {
  /** "https://www.example.org:8443", without a path. */
  readonly origin: string;
  readonly proxy: GuardedProxy;
}

const TIMEOUT = 5000;

/**
 * Opens the guarded proxy for one port of the order's host, does the work and closes it, whatever happened. A file
 * of a run in which an answer was lost is not handed in: a tool may take a lost answer for a sound one.
 */
export async function withWebTarget(
  order: Order,
  context: RunContext,
  work: (target: WebTarget) => Promise<RunResult>,
): Promise<RunResult> {
  const { signal } = context;
  const rate = new Rate(order.rate);
  const { host, port } = { host: order.host, port: order.questions[0]?.port ?? 443 };
  const guarded = guardedConnect(order, context, rate);
  // HTTP or HTTPS is nowhere in a finding's key
  const page = await pageOf(guarded, { host, port }, { signal, timeoutMs: TIMEOUT });
  if (page === null || (!page.tls && page.status === 400))
    return noAnswer('CHECK_NOT_RUN', `port ${port} gives no page over HTTP or HTTPS`);
  const origin = `${page.tls ? 'https' : 'http'}://${hostAndPort(host, port)}`;
  const proxy = await guardedProxy({ pinned: order, bounds: context, rate, signal });
  const result = await work({ origin, proxy }).finally(() => proxy.close());
  for (const { target, why } of proxy.refusals) context.onRefused?.(target, why);
  if (result.kind === 'no-answer' && result.why !== 'TOOL_FAILED') return result;
  if (proxy.lost !== null) return noAnswer(proxy.lost.why, proxy.lost.detail);
  if (result.kind === 'no-answer') return result;
  if (proxy.connections === 0) return noAnswer('TOOL_FAILED', 'the tool made no connection to the target');
  return result;
}
