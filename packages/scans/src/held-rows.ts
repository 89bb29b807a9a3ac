import { LineSpool } from './line-spool.ts';

/**
 * Records that wait for what stands further down in the file, in memory that does not grow with their number.
 * A record is what JSON can carry.
 */
export class HeldRows<Row> {
  readonly #spool = new LineSpool();

  add(row: Row): void {
    this.#spool.add(JSON.stringify(row));
  }

  /** In the order in which they were added. Adding ends where reading begins. */
  *batches(): Generator<Row[]> {
    // What is parsed here was written by `add`, nobody else's text.
    for (const lines of this.#spool.batches()) yield lines.map((line): Row => JSON.parse(line));
  }

  close(): void {
    this.#spool.close();
  }
}
