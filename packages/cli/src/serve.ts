import { fail, greet, readConfig, runServer } from '@backcheck/server';

/** `backcheck serve`: runs the server in this process, set up by the environment (docs/configuration.md). */
export async function serveCommand(): Promise<number> {
  const read = readConfig(process.env);
  if (!read.ok) {
    for (const { setting, message } of read.mistakes) process.stderr.write(`${setting} ${message}\n`);
    return 2;
  }
  await runServer(read.config).then(greet).catch(fail);
  return 0;
}
