/**
 * `npm run demo`: the server on data/demo with an invented city in it. The scan files in fixtures/city were made
 * by real scanners; they come in through the HTTP API, as anybody's would. A second run finds them there.
 */
import { join } from 'node:path';
import { configOrExit, fail, greet, runServer } from '@backcheck/server';
import { buildScreens } from './build-screens.ts';
import { loadCity } from './load-city.ts';
import { ROOT } from './steps.ts';

if (!buildScreens()) process.exit(1);

try {
  const server = await runServer(configOrExit({ DATA_DIR: 'data/demo', LOG_LEVEL: 'warn', ...process.env }));
  await loadCity(server, join(ROOT, 'fixtures/city'));
  await greet(server);
} catch (error) {
  fail(error);
}
