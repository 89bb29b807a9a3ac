import type { Retest } from '@backcheck/contract';
import { type Instant, isInForce, windowAt } from '@backcheck/core';
import { type RetestRow, type Tx, toolsInReach, type WaitingTask, waitingTasks } from '@backcheck/db';

/** What a retest waits for, and until when where that is known. */
export interface Wait {
  readonly waitingFor: NonNullable<Retest['waitingFor']>;
  readonly startsAt: Instant | null;
}

/** A runner that was not seen for so long is away. */
const SEEN_LATELY = 15_000;

/** Of those of the retests that wait: the best that one of their tasks has to wait for. */
export async function waitsOf(
  tx: Tx,
  rows: readonly RetestRow[],
  now: Date,
): Promise<ReadonlyMap<string, Wait>> {
  const waiting = rows.filter(({ state }) => state === 'waiting').map(({ id }) => id);
  if (waiting.length === 0) return new Map();
  const tasks = await waitingTasks(tx, waiting);
  const reach = await reachOf(tx, [...new Set(tasks.map(({ organizationId }) => organizationId))], now);
  const byRetest = Map.groupBy(tasks, ({ retestId }) => retestId);
  return new Map(
    [...byRetest].map(([retestId, its]) => [retestId, waitOf(its, (task) => reach.has(toolText(task)), now)]),
  );
}

const toolText = (task: Pick<WaitingTask, 'organizationId' | 'vantage' | 'engine'>): string =>
  JSON.stringify([task.organizationId, task.vantage, task.engine]);

async function reachOf(tx: Tx, organizationIds: readonly number[], now: Date): Promise<ReadonlySet<string>> {
  const since = new Date(now.getTime() - SEEN_LATELY).toISOString();
  const found = new Set<string>();
  for (const organizationId of organizationIds) {
    for (const tool of await toolsInReach(tx, organizationId, since))
      if (tool.version !== null) found.add(JSON.stringify([organizationId, tool.vantage, tool.engine]));
  }
  return found;
}

function waitOf(tasks: readonly WaitingTask[], hasRunner: (task: WaitingTask) => boolean, now: Date): Wait {
  const at = now.toISOString();
  const windows = tasks.map((task) => ({ task, window: windowAt(task.authorization, at) }));
  const open = windows.filter(({ task, window }) => window.open && isInForce(task.authorization, at));
  if (open.length > 0)
    return { waitingFor: open.some(({ task }) => hasRunner(task)) ? 'turn' : 'runner', startsAt: null };
  const opens = windows.flatMap(({ window }) => (window.open ? [] : (window.opensAt ?? [])));
  return { waitingFor: 'window', startsAt: opens.sort()[0] ?? null };
}
