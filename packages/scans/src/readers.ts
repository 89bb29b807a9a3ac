import { nessusReader } from './nessus/read.ts';
import { nmapReader } from './nmap/read.ts';
import type { Reader } from './reader.ts';
import { sarifReader } from './sarif/read.ts';
import { sslscanReader } from './sslscan/read.ts';
import { testsslReader } from './testssl/read.ts';

/** Every format that Backcheck reads. A new format is one folder and one line here. */
export const READERS: readonly Reader[] = [
  nmapReader,
  nessusReader,
  sslscanReader,
  testsslReader,
  sarifReader,
];
