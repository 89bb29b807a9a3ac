import type { EngineName } from '@backcheck/core';
import { builtInEngine } from './built-in/engine.ts';
import type { Engine } from './engine.ts';
import { nmapEngine } from './nmap/engine.ts';
import { nucleiEngine } from './nuclei/engine.ts';
import { sslscanEngine } from './sslscan/engine.ts';
import { testsslEngine } from './testssl/engine.ts';
import { wapitiEngine } from './wapiti/engine.ts';

/** All engines by name, whether or not this machine has their tools. */
export const ALL_ENGINES: Readonly<Record<EngineName, Engine>> = {
  nmap: nmapEngine,
  sslscan: sslscanEngine,
  testssl: testsslEngine,
  nuclei: nucleiEngine,
  wapiti: wapitiEngine,
  backcheck: builtInEngine,
};
