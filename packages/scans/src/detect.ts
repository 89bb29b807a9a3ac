import { decodeHead } from './decode.ts';
import { type Reader, UnreadableScan } from './reader.ts';

/** Bytes that detection may look at. */
export const HEAD_BYTES = 64 * 1024;

/**
 * Chooses the reader by content, or by `format` where the user named one.
 * Throws `UnreadableScan` UNKNOWN_FORMAT.
 */
export function chooseReader(head: Uint8Array, readers: readonly Reader[], format?: string): Reader {
  if (format !== undefined) {
    const named = readers.find((reader) => reader.format === format);
    if (named !== undefined) return named;
    throw new UnreadableScan('UNKNOWN_FORMAT', `there is no format "${format}"; docs/formats.md lists them`);
  }
  const text = decodeHead(head.subarray(0, HEAD_BYTES));
  const found = readers.find((reader) => reader.detect(text));
  if (found !== undefined) return found;
  throw new UnreadableScan('UNKNOWN_FORMAT', 'the file is in none of the formats that docs/formats.md lists');
}
