import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const IN_MEMORY = 256 * 1024;
const BLOCK = 64 * 1024;

/**
 * Lines that wait until the end of a file is known: a few in memory, more in a temporary file, so that memory
 * does not grow. The file is unlinked as soon as it is open: a killed process leaves nothing behind.
 * Lines must not contain line breaks.
 */
export class LineSpool {
  #lines: string[] = [];
  #length = 0;
  #file: number | undefined;
  #folder: string | undefined;

  add(line: string): void {
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length > IN_MEMORY) this.#spill();
  }

  /** All lines, in batches, in the order in which they were added. Adding ends where reading begins. */
  *batches(): Generator<string[]> {
    if (this.#file !== undefined) {
      this.#spill();
      yield* linesOf(this.#file);
    } else if (this.#lines.length > 0) yield this.#lines;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#file = this.#folder = undefined;
    this.#lines = [];
  }

  #spill(): void {
    this.#file ??= this.#open();
    if (this.#lines.length > 0) writeAll(this.#file, Buffer.from(`${this.#lines.join('\n')}\n`));
    this.#lines = [];
    this.#length = 0;
  }

  #open(): number {
    this.#folder = mkdtempSync(join(tmpdir(), 'backcheck-'));
    const path = join(this.#folder, 'lines');
    const file = openSync(path, 'wx+', 0o600);
    // Windows keeps the name of an open file; there `close` removes it.
    if (process.platform !== 'win32') {
      rmSync(this.#folder, { recursive: true });
      this.#folder = undefined;
    }
    return file;
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

function* linesOf(file: number): Generator<string[]> {
  const block = Buffer.alloc(BLOCK);
  let rest = Buffer.alloc(0);
  let position = 0;
  for (;;) {
    const length = readSync(file, block, 0, BLOCK, position);
    if (length === 0) return;
    position += length;
    const text = Buffer.concat([rest, block.subarray(0, length)]);
    const end = text.lastIndexOf(0x0a);
    rest = text.subarray(end + 1);
    if (end >= 0) yield text.toString('utf8', 0, end).split('\n');
  }
}
