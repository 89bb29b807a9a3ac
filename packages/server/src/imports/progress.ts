import { noteProgress, type Pool } from '@backcheck/db';

/** How often the screen hears of an import under way. */
const EVERY = 500;

/** Progress of one import, written beside its transaction so that others see it before the commit. */
export interface Progress {
  count<T extends Uint8Array>(bytes: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T>;
  readonly observed: (observations: number) => void;
  /** Writes nothing any more once this has resolved. */
  stop(): Promise<void>;
}

export function followProgress(pool: Pool, importId: string): Progress {
  const now = { bytesRead: 0, observations: 0 };
  let writing: Promise<void> = Promise.resolve();
  let idle = true;
  const timer = setInterval(() => {
    if (!idle) return;
    idle = false;
    // Progress is a courtesy: the import goes on where it cannot be written.
    writing = noteProgress(pool, importId, { ...now })
      .catch(() => undefined)
      .finally(() => {
        idle = true;
      });
  }, EVERY);
  return {
    count: async function* (bytes, signal) {
      for await (const chunk of bytes) {
        signal.throwIfAborted();
        now.bytesRead += chunk.length;
        yield chunk;
      }
    },
    observed: (observations) => {
      now.observations = observations;
    },
    stop: async () => {
      clearInterval(timer);
      await writing;
    },
  };
}
