import type { Text, WarningRecord } from '@backcheck/core';

/** The file is not what its feed is published as: nothing of it may be used. `line` counts from 1. */
export class FeedFlaw extends Error {
  readonly text: Text;
  readonly line: number | undefined;

  constructor(text: Text, line?: number, cause?: unknown) {
    super(text.en, cause === undefined ? undefined : { cause });
    this.name = 'FeedFlaw';
    this.text = { zh: tidy(text.zh), en: tidy(text.en) };
    this.line = line;
  }
}

/** What the file wrote may stand in it. */
const tidy = (text: string): string => text.replaceAll(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ').slice(0, 300);

export const flaw = (line: number | undefined, zh: string, en: string): FeedFlaw =>
  new FeedFlaw({ zh, en }, line);

const DAMAGES: Readonly<Record<string, string>> = {
  BAD_RECORD: '其中一条记录不是有效的 JSON',
  WRONG_BYTES: '文件中有不属于其编码的字节',
};

/** A scan may be used in part; a feed may not: silence of a cut list would make findings less pressing. */
export function refuseDamage(warnings: readonly WarningRecord[]): void {
  const [first] = warnings;
  if (first === undefined) return;
  throw flaw(first.line, DAMAGES[first.code] ?? '文件被截断或已损坏', first.message);
}
