declare module 'pg-copy-streams' {
  import type { Writable } from 'node:stream';
  import type { Submittable } from 'pg';

  /** `copy … from stdin` as a writable stream; 'finish' comes when the server has taken all of it. */
  export function from(sql: string): Writable & Submittable;
}
