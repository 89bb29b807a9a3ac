import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTarget, type ScanFacts } from '@backcheck/core';
import { collectScan, readScan } from '@backcheck/scans';
import type { Order, RunContext, RunResult } from '../engine.ts';
import { pinnedEnvironment } from '../guard/pinned-environment.ts';
import { spawnTool } from '../run/spawn-tool.ts';

/** A command line that leaves a scan file in the folder of the run. */
export interface ToolPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly fileName: string;
  readonly timeoutMs: number;
}

type NoAnswer = Extract<RunResult, { kind: 'no-answer' }>;

export const noAnswer = (why: NoAnswer['why'], detail: string): NoAnswer => ({
  kind: 'no-answer',
  why,
  detail,
});

/** Runs the tool to its end and makes sure that its file can be read, and speaks of no other machine. */
export async function runForFile(plan: ToolPlan, order: Order, context: RunContext): Promise<RunResult> {
  const { fileName, ...call } = plan;
  const end = await spawnTool({ ...call, cwd: context.folder, signal: context.signal });
  if (context.signal.aborted) return noAnswer('STOPPED', `${plan.command} was stopped`);
  if (end.timedOut) return noAnswer('TIMEOUT', `${plan.command} did not end in ${plan.timeoutMs / 1000} s`);
  const bytes = await readFile(join(context.folder, fileName)).catch(() => null);
  if (bytes === null || bytes.length === 0) return noAnswer('TOOL_FAILED', lastLine(end.output));
  const startedAt = end.startedAt.toISOString();
  const scan = await readBack(bytes, startedAt);
  if (scan === null) return noAnswer('TOOL_FAILED', `${fileName} cannot be read: ${lastLine(end.output)}`);
  const stray = strayAddress(scan, order.address);
  if (stray !== undefined) return noAnswer('NAME_NOT_PINNED', `${plan.command} went to ${stray}`);
  return { kind: 'file', bytes, fileName, startedAt, finishedAt: end.finishedAt.toISOString() };
}

/**
 * `runForFile` for a tool that looks names up by itself: it finds the target's name at the pinned address, and no
 * other name at all.
 */
export async function runPinned(
  plan: Omit<ToolPlan, 'env'>,
  order: Order,
  context: RunContext,
): Promise<RunResult> {
  const env = await pinnedEnvironment(order.host, order.address, context.folder);
  if (env === null) return noAnswer('NAME_NOT_PINNED', 'libnss-wrapper is not installed');
  return await runForFile({ ...plan, env }, order, context);
}

async function readBack(bytes: Uint8Array, declaredAt: string): Promise<ScanFacts | null> {
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  // Whatever the reader has against it: the import would have the same.
  return await collectScan(readScan(whole(), { declaredAt })).catch(() => null);
}

function strayAddress({ assets }: ScanFacts, address: string): string | undefined {
  const met = assets.flatMap(({ identifiers }) => identifiers.filter(({ kind }) => kind === 'ip'));
  return met.map(({ value }) => canonical(value)).find((value) => value !== address);
}

function canonical(text: string): string {
  const target = readTarget(text);
  return target.kind === 'address' ? target.address : text;
}

/** What a tool complains about stands last. */
function lastLine(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return lines.findLast((line) => line !== '')?.slice(0, 300) ?? 'it wrote nothing';
}
