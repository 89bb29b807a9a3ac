import { Readable } from 'node:stream';
import type { Envelope } from '@backcheck/core';
import { findRunner, type RunnerRow } from '@backcheck/db';
import type { RunnerClient } from '@backcheck/engines';
import { Problem } from '../platform/problem.ts';
import { beat, greet, type ProtocolParts, take } from './protocol.ts';
import { takeResult } from './results.ts';

/** The server's own runner says the same as a remote one, without the network between. */
export function ownClient(parts: ProtocolParts, registered: RunnerRow): RunnerClient {
  let runner = registered;
  return {
    hello: async (hello) => {
      const tools = [...hello.tools];
      await greet(parts, runner, { hello: { ...hello, tools }, address: null });
      runner = (await findRunner(parts.widePool, runner.runnerId)) ?? runner;
      const serverTime = parts.clock().toISOString();
      return { runnerId: String(runner.runnerId), vantage: runner.vantage, serverTime };
    },
    take: (most) => take(parts, runner, most),
    beat: (leases) => beat(parts, runner, leases),
    deliver: async (statement: Envelope, sent) => {
      const file = sent === null ? null : await parts.files.receive(Readable.from([Buffer.from(sent.bytes)]));
      try {
        const envelope = JSON.stringify(statement);
        const accepted = await takeResult(parts, runner, { envelope, file, address: null });
        return { kind: accepted ? 'accepted' : 'lost' };
      } catch (error) {
        if (error instanceof Problem) return { kind: 'refused', why: error.code };
        throw error;
      }
    },
  };
}
