import type { Instant } from '@backcheck/core';
import { type Language, languageOf } from './verify-text.ts';

/** What a command needs of the world; tests bring their own. */
export interface Terminal {
  /** Whole lines, with their line breaks. Resolves when more may be written. */
  readonly print: (text: string) => Promise<void>;
  /** One line for the user, on the error channel. */
  readonly complain: (line: string) => void;
  readonly language: Language;
  readonly now: () => Instant;
}

export function terminal(): Terminal {
  return {
    print: (text) =>
      new Promise((resolve) => {
        if (process.stdout.write(text)) resolve();
        else process.stdout.once('drain', resolve);
      }),
    complain: (line) => void process.stderr.write(`${line}\n`),
    language: languageOf(process.env),
    now: () => new Date().toISOString(),
  };
}
