import type { Config } from './config.ts';
import { type RunningServer, startServer } from './start-server.ts';

/** How long a stop may take before the process goes anyway; what was under way rolls back. */
const PATIENCE = 15_000;

/**
 * Runs the server as this process: until SIGTERM, SIGINT or the loss of its database. Resolves when it
 * answers; `greet` prints where.
 */
export async function runServer(config: Config): Promise<RunningServer> {
  const server = await startServer(config, { onDatabaseLost: (why) => fail(why) });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(1), PATIENCE).unref();
      server.close().then(() => process.exit(0), fail);
    });
  }
  return server;
}

/** Where it runs and how to get in, in both languages, on standard output. */
export async function greet(server: RunningServer): Promise<void> {
  const link = await server.newSignInLink();
  process.stdout.write(
    `Backcheck is running at ${server.url}\nSign in (works once, within 24 hours): ${link}\n` +
      `Backcheck 已启动：${server.url}\n登录链接（24 小时内有效，只能用一次）：${link}\n`,
  );
}

/** One sentence for the operator; the stack is for faults that we did not foresee. */
export function fail(error: unknown): never {
  const foreseen = error instanceof Error && error.name !== 'Error' && error.name !== 'TypeError';
  process.stderr.write(`${error instanceof Error ? (foreseen ? error.message : error.stack) : String(error)}\n`);
  process.exit(1);
}
