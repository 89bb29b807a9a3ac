import type { Instant } from '@backcheck/core';
import { type Language, languageOf } from './verify-text.ts';

/** What a command needs of the world; tests bring their own. */
export interface Terminal {
  /** Text with its line breaks, or the same as UTF-8. Resolves when it was written. */
  readonly print: (text: string | Uint8Array) => Promise<void>;
  /** One line for the user, on the error channel. */
  readonly complain: (line: string) => void;
  /** Replaces the one line that tells how far the work is; '' takes it away. Only where a person watches. */
  readonly progress: (line: string) => void;
  readonly language: Language;
  readonly now: () => Instant;
}

export function terminal(): Terminal {
  return {
    print: (text) =>
      new Promise((resolve, reject) => {
        process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
      }),
    complain: (line) => void process.stderr.write(`${line}\n`),
    progress: (line) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
    },
    language: languageOf(process.env),
    now: () => new Date().toISOString(),
  };
}
