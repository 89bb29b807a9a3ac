import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../engine.ts';
import { ownAddresses } from '../guard/resolve.ts';
import { type LeasedTask, type RunnerClient, RunnerStop, type RunnerTool, type Welcome } from './client.ts';
import { type Bench, type Cut, type Ended, type RunStatement, runTask, sealRun } from './run-task.ts';
import type { RunnerKey } from './runner-key.ts';

/** All in milliseconds. */
export const PACE = {
  take: 1000,
  beat: 1500,
  /** The dead-man's switch: so long after the last beat that was answered, everything is killed. */
  dead: 4000,
  watch: 250,
  /** An answer to a beat that comes later than this is none. */
  answer: 3000,
  hello: 300_000,
  /** Between two tries to deliver, and how long they go on: until the lease has run out in any case. */
  redeliver: 1000,
  giveUp: 20_000,
} as const;

/** A runner whose clock is further off than this would declare wrong times. */
const CLOCK_TOLERANCE = 60_000;
/** The longest timer there is. */
const LONGEST = 2 ** 31 - 1;

export type RunnerEvent =
  | { readonly kind: 'connected'; readonly welcome: Welcome; readonly tools: readonly RunnerTool[] }
  | { readonly kind: 'no-server'; readonly error: unknown }
  | { readonly kind: 'taken'; readonly task: LeasedTask }
  /** `kept`: the server took the result. */
  | { readonly kind: 'ended'; readonly statement: RunStatement; readonly kept: boolean };

export interface RunnerOptions {
  readonly client: RunnerClient;
  readonly engines: readonly Engine[];
  readonly key: RunnerKey;
  /** Of this program. */
  readonly version: string;
  /** An existing folder; each run gets one of its own in it. */
  readonly folder: string;
  /** Tasks at the same time. */
  readonly concurrency: number;
  /** Ends the runner: what runs is killed and given back. */
  readonly signal: AbortSignal;
  readonly clock: () => Date;
  readonly tell: (event: RunnerEvent) => void;
  /** Other times than PACE; for tests. */
  readonly pace?: Partial<Record<keyof typeof PACE, number>>;
}

/**
 * What every runner does, wherever it is: says what it can, takes tasks when it has room, renews their leases, and hands
 * in what it found. Resolves when `signal` fired and everything was given back.
 * @throws RunnerStop when a person must do something first
 */
export async function runTasks(options: RunnerOptions): Promise<void> {
  await new TaskRunner(options).run();
}

interface Held {
  readonly task: LeasedTask;
  /** Cuts the run off; the reason is a `Cut`. */
  readonly controller: AbortController;
  /** When the last answered beat, or the take, was sent: monotonic. */
  aliveAt: number;
  /** Over: only its delivery is under way. */
  over: boolean;
  ended: Promise<void>;
}

class TaskRunner {
  readonly #options: RunnerOptions;
  readonly #pace: Readonly<Record<keyof typeof PACE, number>>;
  readonly #held = new Map<string, Held>();
  /** Fires at the end of the runner, or of one of its loops. */
  readonly #end = new AbortController();
  /** Something got no answer since the last hello: then it may be another server, with other times. */
  #away = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#pace = { ...PACE, ...options.pace };
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    const end = () => this.#finish();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      await this.#repeat(this.#pace.take, () => this.#greet(), { once: true });
      const loops = await Promise.allSettled([
        this.#repeat(this.#pace.take, () => this.#take()),
        this.#repeat(this.#pace.beat, () => this.#beat()),
        this.#repeat(this.#pace.watch, async () => this.#watch()),
        this.#repeat(this.#pace.hello, () => this.#greet(), { later: true }),
      ]);
      const stop = loops.find((loop) => loop.status === 'rejected');
      if (stop !== undefined) throw stop.reason;
    } finally {
      signal.removeEventListener('abort', end);
      await Promise.all([...this.#held.values()].map(({ ended }) => ended));
    }
  }

  /** Ends all loops; what runs is killed and given back. */
  #finish(): void {
    this.#end.abort();
    for (const { controller } of this.#held.values()) cutOff(controller, 'RUNNER_LOST');
  }

  /** A server that is away comes back; one that refuses us ends all loops. */
  async #repeat(
    every: number,
    step: () => Promise<void>,
    { once = false, later = false }: { readonly once?: boolean; readonly later?: boolean } = {},
  ): Promise<void> {
    const { signal } = this.#end;
    const wait = () => pause(every, undefined, { signal }).catch(() => undefined);
    if (later) await wait();
    while (!signal.aborted) {
      try {
        await step();
        if (once) return;
      } catch (error) {
        if (error instanceof RunnerStop) {
          this.#finish();
          throw error;
        }
        this.#away = true;
        this.#options.tell({ kind: 'no-server', error });
      }
      await wait();
    }
  }

  async #greet(): Promise<void> {
    const { client, engines, key, version, clock } = this.#options;
    const tools = await Promise.all(engines.map(toolOf));
    const sent = clock().getTime();
    const welcome = await client.hello({ version, publicKey: key.publicKey, tools });
    const theirs = Date.parse(welcome.serverTime);
    if (Math.max(sent - theirs, theirs - clock().getTime()) > CLOCK_TOLERANCE) {
      throw new RunnerStop('CLOCK_OFF', welcome.serverTime);
    }
    this.#away = false;
    this.#options.tell({ kind: 'connected', welcome, tools });
  }

  async #take(): Promise<void> {
    const { client, concurrency, tell } = this.#options;
    const room = concurrency - this.#held.size;
    if (room <= 0) return;
    if (this.#away) await this.#greet();
    const sent = performance.now();
    for (const task of await client.take(room)) {
      tell({ kind: 'taken', task });
      this.#hold(task, sent);
    }
  }

  #hold(task: LeasedTask, aliveAt: number): void {
    const held: Held = {
      task,
      controller: new AbortController(),
      aliveAt,
      over: false,
      ended: Promise.resolve(),
    };
    this.#held.set(task.lease, held);
    if (this.#end.signal.aborted) cutOff(held.controller, 'RUNNER_LOST');
    held.ended = this.#runAndDeliver(held).finally(() => this.#held.delete(task.lease));
  }

  async #runAndDeliver(held: Held): Promise<void> {
    const { task, controller } = held;
    const close = () => cutOff(controller, 'WINDOW_CLOSED');
    const hours = task.stopAt === null ? LONGEST : Date.parse(task.stopAt) - this.#options.clock().getTime();
    const closing = setTimeout(close, Math.min(Math.max(0, hours), LONGEST));
    const bench: Bench = { ...this.#options, ownAddresses: ownAddresses() };
    const ended = await runTask(bench, task, controller.signal);
    clearTimeout(closing);
    held.over = true;
    const kept = await this.#deliver(ended);
    this.#options.tell({ kind: 'ended', statement: ended.statement, kept });
  }

  /** False when nothing was kept: the lease was lost, or no server answered until it was. */
  async #deliver({ statement, bytes }: Ended): Promise<boolean> {
    const { client, key, tell } = this.#options;
    const begun = performance.now();
    const file = statement.file === null || bytes === null ? null : { name: statement.file.name, bytes };
    for (;;) {
      try {
        const delivery = await client.deliver(sealRun(statement, key), file);
        if (delivery.kind !== 'refused') return delivery.kind === 'accepted';
        if (file === null) return false;
        // As the server did not want the file, the task at least ends with the reason.
        return await this.#deliver({ statement: withoutFile(statement, delivery.why), bytes: null });
      } catch (error) {
        tell({ kind: 'no-server', error });
        const over = performance.now() - begun > this.#pace.giveUp;
        if (over || this.#end.signal.aborted || error instanceof RunnerStop) return false;
        await pause(this.#pace.redeliver);
      }
    }
  }

  async #beat(): Promise<void> {
    const leases = [...this.#held.keys()];
    if (leases.length === 0) return;
    const sent = performance.now();
    const stop = new Set(await inTime(this.#options.client.beat(leases), this.#pace.answer));
    for (const lease of leases) {
      const held = this.#held.get(lease);
      if (held === undefined) continue;
      if (stop.has(lease)) cutOff(held.controller, 'STOPPED');
      else held.aliveAt = sent;
    }
  }

  #watch(): void {
    const now = performance.now();
    for (const { over, aliveAt, controller } of this.#held.values()) {
      if (!over && now - aliveAt > this.#pace.dead) cutOff(controller, 'RUNNER_LOST');
    }
  }
}

function cutOff(controller: AbortController, cut: Cut): void {
  controller.abort(cut);
}

function withoutFile(statement: RunStatement, detail: string): RunStatement {
  return { ...statement, file: null, why: 'TOOL_FAILED', detail };
}

async function toolOf(engine: Engine): Promise<RunnerTool> {
  const found = await engine.find();
  return found.kind === 'found'
    ? { engine: engine.name, version: found.version.slice(0, 100), install: null }
    : { engine: engine.name, version: null, install: found.install.slice(0, 200) };
}

async function inTime<T>(answer: Promise<T>, most: number): Promise<T> {
  const over = new AbortController();
  const late = pause(most, undefined, { signal: over.signal }).then(() => {
    throw new Error('no answer in time');
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
    answer.catch(() => undefined);
  }
}
