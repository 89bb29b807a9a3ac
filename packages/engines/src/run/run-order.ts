import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  allowsMethod,
  type ProbeMethod,
  type Question,
  type RetestObstacle,
  windowAt,
} from '@backcheck/core';
import type { Engine, Order, RunContext, RunResult } from '../engine.ts';
import { type Guarded, guardedConnect } from '../guard/connect.ts';
import { Rate } from '../guard/rate.ts';
import { hoursRefusal, Refused } from '../guard/refusal.ts';
import { type Lookup, resolveTarget } from '../guard/resolve.ts';
import {
  answers,
  type Canary,
  type Heard,
  type Listening,
  listen,
  type Muted,
  whatChanged,
  whoRejects,
  whySilent,
} from './canary.ts';

/** A task before its host was resolved. */
export type UnresolvedOrder = Omit<Order, 'address'>;

export interface OrderContext extends RunContext {
  /** The system's resolver, unless a test has another one. */
  readonly lookup?: Lookup;
}

/** What a runner hands in for a task. */
export interface RunReport {
  readonly result: RunResult;
  /** Where everything went; null when nothing was sent anywhere. */
  readonly address: string | null;
  readonly canary: Canary;
}

const WEB_METHODS: readonly ProbeMethod[] = ['http', 'template', 'crawl'];
/** More ports than this one task has only by mistake; the rest goes unwatched, and the tool says what it met there. */
const WATCHED_PORTS = 16;
/** Where a task asks for no TCP port, these are listened to; their silence alone keeps nothing from running. */
const STAND_IN_PORTS = [443, 80, 22];
/** The longest timer there is. */
const LONGEST = 2 ** 31 - 1;
/** How long a stopped engine may take to notice, in milliseconds. */
const STOP_GRACE = 2000;

/**
 * One task from the authorization to its scan file: is it allowed now, where is its host, does it answer us, what
 * does the tool say, and does it still answer us. Never throws for what the target, the tool or the resolver does.
 */
export async function runOrder(
  engine: Engine,
  order: UnresolvedOrder,
  context: OrderContext,
): Promise<RunReport> {
  const refused = allowsMethod(context.authorization, order.method)
    ? hoursRefusal(context)
    : 'NOT_AUTHORIZED';
  if (refused !== null)
    return unsent(refused, `${order.method} under authorization ${context.authorization.id}`);
  const resolved = await resolveTarget(order.host, context, context.lookup);
  if (resolved.kind === 'refused') return unsent(resolved.why, resolved.detail);
  const { address } = resolved;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(untilClosed(context))]);
  try {
    return { address, ...(await attempt(engine, { ...order, address }, { ...context, signal })) };
  } catch (error) {
    return { address, result: interruption(error, context, signal), canary: { before: [], after: [] } };
  }
}

function unsent(why: RetestObstacle, detail: string): RunReport {
  return { result: { kind: 'no-answer', why, detail }, address: null, canary: { before: [], after: [] } };
}

function untilClosed({ authorization, clock }: RunContext): number {
  const now = clock();
  const window = windowAt(authorization, now.toISOString());
  return window.open ? Math.min(Date.parse(window.until) - now.getTime(), LONGEST) : 0;
}

/**
 * Where the canary fails after the run, the whole file counts for nothing, a sighting in it too: a file is imported
 * as a whole, and with the sighting would come absences that nobody may rely on. What is still there is seen again
 * by the next run that is let through; that it is not is never claimed.
 */
async function attempt(
  engine: Engine,
  order: Order,
  context: RunContext,
): Promise<Omit<RunReport, 'address'>> {
  const { signal } = context;
  const rate = new Rate(order.rate);
  const guarded = guardedConnect(order, context, rate);
  const asked = askedPorts(order.questions);
  const target = { ...order, ports: asked.length > 0 ? asked : STAND_IN_PORTS, web: isWeb(order) };
  const before = await listen(target, guarded, signal);
  const muted = asked.length > 0 ? await whyMuted(before, target, { guarded, signal }) : null;
  if (muted !== null) return { result: { kind: 'no-answer', ...muted }, canary: { before, after: [] } };
  // the tool starts with a connection of its own
  await rate.take(signal);
  const result = await stoppable(() => engine.run(order, context), signal);
  if (result.kind === 'no-answer') return { result, canary: { before, after: [] } };
  const canary = { before, after: await listen(target, guarded, signal) };
  const changed = whatChanged(canary);
  return { result: changed === null ? result : { kind: 'no-answer', ...changed }, canary };
}

/** Null: at least one of the ports asked for answers, and none is refused by a filter. */
async function whyMuted(
  before: readonly Heard[],
  target: Listening,
  { guarded, signal }: { readonly guarded: Guarded; readonly signal: AbortSignal },
): Promise<Muted | null> {
  const rejected = whoRejects(before);
  if (rejected !== null || before.some(answers)) return rejected;
  return await whySilent(target, guarded, signal);
}

function isWeb({ method }: Order): boolean {
  return WEB_METHODS.includes(method);
}

function askedPorts(questions: readonly Question[]): number[] {
  const ports = questions
    .filter(({ transport, port }) => transport === 'tcp' && port > 0)
    .map(({ port }) => port);
  return [...new Set(ports)].slice(0, WATCHED_PORTS);
}

/** The engine kills what it runs when the signal fires; whatever it says then is not waited for, nor taken. */
async function stoppable(run: () => Promise<RunResult>, signal: AbortSignal): Promise<RunResult> {
  const over = new AbortController();
  const stopped = once(signal, 'abort', { signal: over.signal })
    .then(() => sleep(STOP_GRACE, undefined, { signal: over.signal }))
    .then(() => Promise.reject(signal.reason));
  const running = run();
  // the one that loses the race ends later, and nobody looks
  for (const one of [running, stopped]) one.catch(() => undefined);
  try {
    const result = await Promise.race([running, stopped]);
    signal.throwIfAborted();
    return result;
  } finally {
    over.abort();
  }
}

/** Between two steps everything may be stopped; what remains is a fault of ours, and not the target's. */
function interruption(
  error: unknown,
  { signal: stop, ...bounds }: OrderContext,
  signal: AbortSignal,
): RunResult {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof Refused) return { kind: 'no-answer', why: error.code, detail };
  if (stop.aborted) return { kind: 'no-answer', why: hoursRefusal(bounds) ?? 'STOPPED', detail };
  return { kind: 'no-answer', why: signal.aborted ? 'WINDOW_CLOSED' : 'TOOL_FAILED', detail };
}
