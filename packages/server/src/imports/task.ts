import type { Task } from 'graphile-worker';
import { z } from 'zod';
import type { Parts } from '../platform/parts.ts';
import { runImport } from './run-import.ts';

const Payload = z.object({ importId: z.string() });

/** The queue's task `import`; queued by `queue_import` in 0002_platform.sql. */
export function importTask(parts: Parts): Task {
  return async (payload, { job, abortSignal }) => {
    const { importId } = Payload.parse(payload);
    const signal = abortSignal ?? new AbortController().signal;
    await runImport(parts, { importId, signal, last: job.attempts >= job.max_attempts });
  };
}
