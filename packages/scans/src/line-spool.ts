import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const IN_MEMORY = 256 * 1024;
/** One buffer for all writes and reads: a gigabyte of short-lived ones doubles the memory of the process. */
const ROOM = 512 * 1024;

/**
 * Lines that wait until the end of a file is known: a few in memory, more in a temporary file, so that memory
 * does not grow. The file is unlinked as soon as it is open: a killed process leaves nothing behind.
 * Lines must not contain line breaks.
 */
export class LineSpool {
  readonly #room = Buffer.allocUnsafeSlow(ROOM);
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
    if (this.#file === undefined) yield this.#lines;
    else yield* linesOf(this.bytes());
  }

  /** The same as UTF-8, a line break after each line, in blocks that end anywhere. A block is overwritten by the next. */
  *bytes(): Generator<Buffer> {
    if (this.#file === undefined) {
      if (this.#lines.length > 0) yield Buffer.from(asText(this.#lines));
      return;
    }
    this.#spill();
    for (let position = 0; ; ) {
      const length = readSync(this.#file, this.#room, 0, ROOM, position);
      if (length === 0) return;
      position += length;
      yield this.#room.subarray(0, length);
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#file = this.#folder = undefined;
    this.#lines = [];
  }

  #spill(): void {
    this.#file ??= this.#open();
    const text = asText(this.#lines);
    const fits = Buffer.byteLength(text) <= ROOM;
    writeAll(this.#file, fits ? this.#room.subarray(0, this.#room.write(text)) : Buffer.from(text));
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

function asText(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

function* linesOf(blocks: Iterable<Buffer>): Generator<string[]> {
  let rest: Buffer[] = [];
  for (const block of blocks) {
    const end = block.lastIndexOf(0x0a);
    if (end < 0) {
      rest.push(Buffer.from(block));
      continue;
    }
    const whole = Buffer.concat([...rest, block.subarray(0, end)]);
    yield whole.toString().split('\n');
    rest = [Buffer.from(block.subarray(end + 1))];
  }
}
