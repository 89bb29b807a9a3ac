export { walkCsv } from './csv.ts';
export { HEAD_BYTES } from './detect.ts';
export type {
  EpssEntry,
  FeedEntries,
  FeedHead,
  KevEntry,
  NationalEntry,
  VulnerabilityEntry,
} from './feeds/feed-entry.ts';
export { FeedFlaw } from './feeds/feed-flaw.ts';
export { readFeed } from './feeds/read-feed.ts';
export { ForeignRun, type RunBounds, refuseForeignRun } from './foreign-run.ts';
export { FutureScan, isFuture, refuseFuture } from './future-time.ts';
export { LineSpool } from './line-spool.ts';
export { collectScan, readScan } from './read-scan.ts';
export { type Reader, type ReadOptions, type ScanHead, UnreadableScan } from './reader.ts';
export { READERS } from './readers.ts';
export { walkXml, type XmlAttributes } from './xml.ts';
