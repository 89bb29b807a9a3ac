import type { Reader } from './reader.ts';
import { nessusReader } from './nessus/read.ts';
import { sarifReader } from './sarif/read.ts';

/** Every format that Backcheck reads. A new format is one folder and one line here. */
export const READERS: readonly Reader[] = [nessusReader, sarifReader];
