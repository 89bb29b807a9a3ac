import { configOrExit, fail, greet, runServer } from '@backcheck/server';

/** `backcheck serve`: runs the server in this process, set up by the environment (docs/configuration.md). */
export async function serveCommand(): Promise<number> {
  await runServer(configOrExit(process.env)).then(greet).catch(fail);
  return 0;
}
