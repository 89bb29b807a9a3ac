const END = 0x06054b50;
const CENTRAL = 0x02014b50;
/** 1980-01-01 00:00, the first date that a zip can hold (APPNOTE.TXT 4.4.6). */
const DATE = 0x0021;

/** Where its end of central directory begins (APPNOTE.TXT 4.3.16); behind that stands only its comment. */
function endOf(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= 0; at -= 1)
    if (bytes.readUInt32LE(at) === END && at + 22 + bytes.readUInt16LE(at + 20) === bytes.length) return at;
  throw new Error('a zip of ours does not end as one');
}

/**
 * The same zip with one date for all of its files, so that the same content is the same bytes whenever it is written.
 * For what our libraries have just written: no zip64, and no comment but that of an office's template.
 */
export function undated(zip: Buffer): Buffer {
  const bytes = Buffer.from(zip);
  const end = endOf(bytes);
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  for (let n = 0; n < count; n += 1) {
    if (bytes.readUInt32LE(at) !== CENTRAL) throw new Error('a zip of ours has no directory');
    // the fields of time and date, here and at the file itself
    bytes.writeUInt32LE(DATE * 0x10000, at + 12);
    bytes.writeUInt32LE(DATE * 0x10000, bytes.readUInt32LE(at + 42) + 10);
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return bytes;
}
