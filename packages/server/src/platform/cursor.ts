import { Problem } from './problem.ts';

/** An opaque cursor: clients must not build their own, so it does not look like something to edit. */
export function writeCursor(lastId: string): string {
  return Buffer.from(`id:${lastId}`).toString('base64url');
}

/** @throws Problem CURSOR_INVALID for everything that `writeCursor` did not write. */
export function readCursor(cursor: string): string {
  const id = /^id:([1-9][0-9]{0,17})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (id === undefined) throw new Problem('CURSOR_INVALID');
  return id;
}
