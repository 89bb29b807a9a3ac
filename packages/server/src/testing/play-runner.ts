import { createHash } from 'node:crypto';
import {
  canonical,
  type EngineName,
  publicKeyOf,
  type Reason,
  type RetestObstacle,
  RUN_PAYLOAD_TYPE,
  sealEnvelope,
} from '@backcheck/core';
import { ensureServerRunner } from '@backcheck/db';
import type { Delivery, LeasedTask } from '@backcheck/engines';
import { ownClient } from '../runners/own-client.ts';
import type { RunningApp } from './running-app.ts';

const SECRET = Uint8Array.from({ length: 32 }, (_, index) => index);

interface Played {
  readonly vantage?: string;
  readonly tools?: Readonly<Partial<Record<EngineName, string>>>;
  /** Tools that it does not have, and what would bring them. */
  readonly missing?: Readonly<Partial<Record<EngineName, string>>>;
}

/** A runner of a test: it speaks the protocol, and instead of running tools it hands in recorded files. */
export interface PlayedRunner {
  /** It is there for the next 15 seconds. */
  seen(): Promise<void>;
  take(): Promise<readonly LeasedTask[]>;
  deliver(task: LeasedTask, file: Uint8Array | string): Promise<Delivery>;
  fail(task: LeasedTask, why: Reason | RetestObstacle): Promise<Delivery>;
}

export async function playRunner(
  { parts }: RunningApp,
  { vantage = 'main', tools = { sslscan: '2.0.7', nmap: '7.93' }, missing = {} }: Played = {},
): Promise<PlayedRunner> {
  const runner = await ensureServerRunner(parts.widePool, {
    name: `played in ${vantage}`,
    vantage,
    now: parts.clock(),
  });
  if (runner === null) throw new Error('a remote runner has the name');
  const client = ownClient(parts, runner);
  const found = Object.entries(tools).map(([engine, version]) => ({ engine, version, install: null }));
  const others = Object.entries(missing).map(([engine, install]) => ({ engine, version: null, install }));
  const seen = async () => {
    const all = [...found, ...others].map((one) => ({ ...one, engine: one.engine as EngineName }));
    await client.hello({ version: '1', publicKey: publicKeyOf(SECRET), tools: all });
  };
  const end = (task: LeasedTask, bytes: Buffer | null, why: string | null): Promise<Delivery> => {
    const at = parts.clock().toISOString();
    const file =
      bytes === null ? null : { name: 'run.xml', sha256: createHash('sha256').update(bytes).digest('hex') };
    const { lease, engine, host } = task;
    const times = { startedAt: at, finishedAt: at };
    const statement = { lease, engine, host, address: host, ...times, file, why, detail: null, canary: null };
    const payload = Buffer.from(canonical(statement));
    const sent = bytes === null ? null : { name: 'run.xml', bytes };
    return client.deliver(sealEnvelope(payload, SECRET, RUN_PAYLOAD_TYPE), sent);
  };
  await seen();
  return {
    seen,
    take: () => client.take(50),
    deliver: (task, file) => end(task, Buffer.from(file), null),
    fail: (task, why) => end(task, null, why),
  };
}
