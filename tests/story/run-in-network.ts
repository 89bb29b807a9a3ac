/**
 * Runs one order in whatever network this process stands in: an engine with the guard around it, or (`bare`) the
 * engine alone, as if the canary had not noticed anything. `node run-in-network.ts order.json report.json`.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Authorization } from '@backcheck/core';
import {
  ALL_ENGINES,
  type OrderContext,
  type RunReport,
  runOrder,
  type UnresolvedOrder,
} from '@backcheck/engines';

export interface NetworkRun {
  readonly order: UnresolvedOrder;
  readonly authorization: Authorization;
  /** What a resolver would say of every name. */
  readonly address: string;
  readonly bare: boolean;
}

const [, , orderFile = '', reportFile = ''] = process.argv;
const { order, authorization, address, bare }: NetworkRun = JSON.parse(await readFile(orderFile, 'utf8'));
const folder = await mkdtemp(join(tmpdir(), 'backcheck-engine-'));
const context: OrderContext = {
  folder,
  signal: AbortSignal.timeout(300_000),
  authorization,
  ownAddresses: [],
  clock: () => new Date(),
  lookup: () => Promise.resolve([{ address }]),
};
try {
  const engine = ALL_ENGINES[order.engine];
  const canary = { before: [], after: [] };
  const report: RunReport = bare
    ? { result: await engine.run({ ...order, address }, context), address, canary }
    : await runOrder(engine, order, context);
  const { result } = report;
  const written =
    result.kind === 'file' ? { ...result, bytes: Buffer.from(result.bytes).toString('base64') } : result;
  await writeFile(reportFile, JSON.stringify({ ...report, result: written }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
