import { readConfig } from './config.ts';
import { startServer } from './start-server.ts';

/** How long a stop may take before the process goes anyway; what was under way rolls back. */
const PATIENCE = 15_000;

const read = readConfig(process.env);
if (!read.ok) {
  for (const { setting, message } of read.mistakes) console.error(`${setting} ${message}`);
  process.exit(2);
}

const leave = (code: number) => {
  setTimeout(() => process.exit(code), PATIENCE).unref();
  return () => process.exit(code);
};

try {
  const server = await startServer(read.config, {
    onDatabaseLost: (why) => {
      console.error(why.message);
      process.exit(1);
    },
  });
  console.log(`Backcheck is running at ${server.url}\nSign in (once, within 24 hours): ${server.signInLink}`);
  console.log(`Backcheck 已启动：${server.url}\n登录链接（一次有效，24 小时内）：${server.signInLink}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      const exit = leave(0);
      server.close().then(exit, (error: unknown) => {
        console.error(error);
        exit();
      });
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
