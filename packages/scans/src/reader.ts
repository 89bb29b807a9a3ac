import type { Fact, Instant, ScanRecord } from '@backcheck/core';

/** What a reader knows of the whole file once it has walked it. */
export type ScanHead = Pick<ScanRecord, 'tool' | 'startedAt' | 'finishedAt' | 'complete'> & {
  /** The file is cut or not well-formed: its presences count, nothing in it closes. */
  readonly truncated?: boolean;
};

/**
 * One scanner format. A reader walks the bytes once, in memory that does not grow with the file,
 * and yields facts in batches. It never throws for one bad record (that is a warning with its line);
 * it throws `UnreadableScan` when the file as a whole is not of its format.
 * Where the file does not say when something happened, the time is null: never guessed.
 */
export interface Reader {
  readonly format: string;
  /** `head` is the first 64 KiB, decoded. By content, never by file name. */
  detect(head: string): boolean;
  read(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Fact[], ScanHead>;
}

/** The file is not readable as any known format. `message` is one sentence for the user. */
export class UnreadableScan extends Error {
  readonly code: 'UNKNOWN_FORMAT' | 'DAMAGED' | 'EMPTY' | 'ENCODING' | 'TOO_LARGE' | 'SEVERAL_FILES';
  readonly line: number | undefined;
  constructor(code: UnreadableScan['code'], message: string, line?: number, cause?: unknown) {
    // What the file wrote may stand in it.
    super(message.replace(/[\s\p{Cc}]+/gu, ' ').slice(0, 500), cause === undefined ? undefined : { cause });
    this.name = 'UnreadableScan';
    this.code = code;
    this.line = line;
  }
}

export interface ReadOptions {
  /** When the scan was made, where the file does not say (DESIGN section 4, Time). */
  readonly declaredAt?: Instant;
  /** Skip detection. */
  readonly format?: string;
}
