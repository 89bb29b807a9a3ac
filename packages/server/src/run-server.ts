import { type Config, readConfig } from './config.ts';
import { type RunningServer, startServer } from './start-server.ts';

/** How long a stop may take before the process goes anyway; what was under way rolls back. */
const PATIENCE = 15_000;

/**
 * Runs the server as this process: until SIGTERM, SIGINT or the loss of its database. Resolves when it
 * answers; `greet` prints where.
 */
export async function runServer(config: Config): Promise<RunningServer> {
  const server = await startServer(config, { onDatabaseLost: (why) => fail(why) });
  // A service manager signals the whole group, and our starter passes it on: the second one must not cut the
  // first one's work short.
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), PATIENCE).unref();
    server.close().then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  return server;
}

/** The settings, or the end of the process with every mistake in them. */
export function configOrExit(environment: Parameters<typeof readConfig>[0]): Config {
  const read = readConfig(environment);
  if (read.ok) return read.config;
  for (const { setting, message } of read.mistakes) {
    process.stderr.write(`${setting} ${message.en}\n${setting} ${message.zh}\n`);
  }
  process.exit(2);
}

/** Where it runs and how to get in, in both languages, on standard output. */
export async function greet(server: RunningServer): Promise<void> {
  const link = await server.newSignInLink();
  process.stdout.write(
    `Backcheck is running at ${server.url}\nSign in (works once, within 24 hours): ${link}\n` +
      `Backcheck 已启动：${server.url}\n登录链接（24 小时内有效，只能用一次）：${link}\n`,
  );
}

/** Ends the process with one sentence for the operator. Only a mistake in our own code shows its stack. */
export function fail(error: unknown): never {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(1);
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) {
    return error.stack ?? error.message;
  }
  const inner =
    error instanceof AggregateError ? error.errors : error.cause === undefined ? [] : [error.cause];
  return [error.message, ...inner.map(sentenceOf)].filter((text) => text !== '').join(': ');
}
