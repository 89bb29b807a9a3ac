import type { Task } from 'graphile-worker';
import { z } from 'zod';
import type { Parts } from '../platform/parts.ts';
import { runRegisterImport } from './run-register-import.ts';

const Payload = z.object({ registerImportId: z.string() });

/** The queue's task `register-import`; queued by `queue_register_import` in 0012_register_imports.sql. */
export function registerImportTask(parts: Parts): Task {
  return async (payload, { job, abortSignal }) => {
    const { registerImportId } = Payload.parse(payload);
    const signal = abortSignal ?? new AbortController().signal;
    await runRegisterImport(parts, { registerImportId, signal, last: job.attempts >= job.max_attempts });
  };
}
