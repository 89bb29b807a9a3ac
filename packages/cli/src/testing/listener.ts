import type { Terminal } from '../terminal.ts';

export interface Listener extends Terminal {
  readonly printed: string[];
  readonly complaints: string[];
}

/** A terminal that keeps what it is told. */
export function listener(now = '2026-12-31T00:00:00.000Z'): Listener {
  const printed: string[] = [];
  const complaints: string[] = [];
  return {
    printed,
    complaints,
    print: async (text) => void printed.push(Buffer.from(text as string).toString()), // its overloads take both kinds
    complain: (line) => void complaints.push(line),
    progress: () => undefined,
    language: 'en',
    now: () => now,
  };
}
