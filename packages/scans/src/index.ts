export { HEAD_BYTES } from './detect.ts';
export { READERS } from './readers.ts';
export { collectScan, readScan } from './read-scan.ts';
export { type Reader, type ReadOptions, type ScanHead, UnreadableScan } from './reader.ts';
