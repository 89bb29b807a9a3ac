/**
 * `npm run demo`: the server on data/demo with an invented city in it. The scan files in fixtures/city were made
 * by real scanners; they come in through the HTTP API, as anybody's would. A second run finds them there.
 */
import { fail, greet, readConfig, runServer } from '@backcheck/server';
import { buildScreens } from './build-screens.ts';
import { loadCity } from './load-city.ts';

if (!buildScreens()) process.exit(1);

const read = readConfig({ DATA_DIR: 'data/demo', LOG_LEVEL: 'warn', ...process.env });
if (!read.ok) {
  for (const { setting, message } of read.mistakes) process.stderr.write(`${setting} ${message}\n`);
  process.exit(2);
}

try {
  const server = await runServer(read.config);
  await loadCity(server);
  await greet(server);
} catch (error) {
  fail(error);
}
