export { buildApp } from './app.ts';
export { type Config, type ConfigMistake, type ReadConfig, readConfig } from './config.ts';
export { standardEvidence } from './platform/files/evidence-parts.ts';
export { rotateEvidenceKeys } from './platform/keys/evidence-keys.ts';
export type { Parts } from './platform/parts.ts';
export { configOrExit, fail, greet, runServer } from './run-server.ts';
export { type RunningServer, type StartOptions, startServer } from './start-server.ts';
