import { decodeHead } from './decode.ts';
import { type Reader, UnreadableScan } from './reader.ts';

/** Bytes that detection may look at. */
export const HEAD_BYTES = 64 * 1024;

/**
 * Chooses the reader by content, or by `format` where the user named one.
 * Throws `UnreadableScan` UNKNOWN_FORMAT with the list of formats.
 */
export function chooseReader(head: Uint8Array, readers: readonly Reader[], format?: string): Reader {
  const known = readers.map((reader) => reader.format).join(', ');
  if (format !== undefined) {
    const named = readers.find((reader) => reader.format === format);
    if (named !== undefined) return named;
    throw new UnreadableScan('UNKNOWN_FORMAT', `there is no format "${format}"; known are ${known}`);
  }
  const text = decodeHead(head.subarray(0, HEAD_BYTES));
  const found = readers.find((reader) => reader.detect(text));
  if (found !== undefined) return found;
  throw new UnreadableScan('UNKNOWN_FORMAT', `the file is in none of the known formats (${known})`);
}
