import { readConfig } from './config.ts';
import { fail, greet, runServer } from './run-server.ts';

const read = readConfig(process.env);
if (!read.ok) {
  for (const { setting, message } of read.mistakes) process.stderr.write(`${setting} ${message}\n`);
  process.exit(2);
}
await runServer(read.config).then(greet).catch(fail);
