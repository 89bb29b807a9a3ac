/** Where sealed files lie: a folder, or a bucket that speaks S3. Names are the SHA-256 of the plain bytes, in hex. */
export interface Blobs {
  /**
   * Puts a local file in place, whole and durable, and takes it away from where it was. One that is there already stays,
   * and counts as put at this moment.
   */
  put(name: string, local: string): Promise<void>;
  /** The same, in the place of the one that is there. */
  replace(name: string, local: string): Promise<void>;
  /** @throws BlobMissing with the first chunk */
  read(name: string): AsyncIterable<Uint8Array>;
  /** The first bytes, fewer of a shorter file. @throws BlobMissing */
  head(name: string, bytes: number): Promise<Buffer>;
  /** Writes over the first bytes and leaves the others; false: this place cannot, and wants a `replace`. */
  writeHead(name: string, head: Buffer): Promise<boolean>;
  /** Removes it, unless it was put after `before`; says whether it is gone. */
  remove(name: string, before: Date): Promise<boolean>;
  /** Null: it is not there. `bytes` are those of the sealed file. */
  stat(name: string): Promise<BlobStat | null>;
  names(): AsyncIterable<string>;
}

export interface BlobStat {
  readonly bytes: number;
  /** When it was put, or the same bytes again. */
  readonly putAt: Date;
}

export class BlobMissing extends Error {
  constructor(name: string, cause?: unknown) {
    super(`The file ${name} is not in the store`, { cause });
    this.name = 'BlobMissing';
  }
}
