import { configOrExit, fail, greet, runServer } from './run-server.ts';

await runServer(configOrExit(process.env)).then(greet).catch(fail);
