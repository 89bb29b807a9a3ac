/** Rewrites every file in the house format and applies the safe lint fixes. */
import { runStep } from './steps.ts';

process.exitCode = runStep({ title: 'format', command: ['biome', 'check', '--write', '.'] }) ? 0 : 1;
