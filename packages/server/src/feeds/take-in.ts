import { type FeedName, type Instant, WHOLE_FEEDS } from '@backcheck/core';
import {
  type FeedVersionRow,
  feedState,
  noteSuccess,
  openFeed,
  stageFeed,
  type Tx,
  useFeed,
} from '@backcheck/db';
import { type FeedEntries, FeedFlaw, type FeedHead, readFeed } from '@backcheck/scans';
import { Problem } from '../platform/problem.ts';

export interface FeedFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly sha256: string;
  /** Account; null: fetched by itself. */
  readonly by: number | null;
  readonly at: Instant;
  /** Somebody wants it also where it was published before what is in use. */
  readonly older: boolean;
}

/**
 * Puts a file of a feed to use, whole or not at all: inside the caller's transaction, which a `Problem` rolls back.
 * The bytes that are in use already are not taken in again. @throws Problem FEED_UNREADABLE, FEED_OLDER
 */
export async function takeInFeed(tx: Tx, feed: FeedName, file: FeedFile): Promise<void> {
  const { bytes, sha256, by, at, older } = file;
  await openFeed(tx, feed);
  const { latest } = await feedState(tx, feed);
  if (latest?.sha256 === sha256) return noteSuccess(tx, feed);
  const { version, publishedAt } = await staged(tx, feed, bytes);
  // Of the others each entry that is newer stays.
  if (WHOLE_FEEDS.includes(feed) && !older) refuseOlder(publishedAt, latest);
  const name = version ?? publishedAt ?? `sha256:${sha256.slice(0, 12)}`;
  await useFeed(tx, feed, { version: name, publishedAt, sha256, by, at, older });
}

function refuseOlder(offered: Instant | null, latest: FeedVersionRow | null): void {
  const inUse = latest?.publishedAt ?? null;
  if (offered === null || inUse === null || offered >= inUse) return;
  throw new Problem('FEED_OLDER', { offered: minute(offered), inUse: minute(inUse) });
}

const minute = (at: Instant): string => at.slice(0, 16).replace('T', ' ');

/** A piece of a file holds some dozen entries; so many are sent to the database at once. */
const BATCH = 2000;

async function staged(tx: Tx, feed: FeedName, bytes: AsyncIterable<Uint8Array>): Promise<FeedHead> {
  const walk = readFeed(feed, bytes);
  const waiting: FeedEntries[FeedName][] = [];
  const send = (least: number) =>
    waiting.length < least ? undefined : stageFeed(tx, feed, waiting.splice(0));
  try {
    for (;;) {
      const step = await walk.next();
      if (step.done !== true) waiting.push(...step.value);
      await send(step.done === true ? 1 : BATCH);
      if (step.done === true) return step.value;
    }
  } catch (error) {
    throw error instanceof FeedFlaw ? unreadable(error) : error;
  }
}

function unreadable({ line, text }: FeedFlaw): Problem {
  return new Problem('FEED_UNREADABLE', {
    placeZh: line === undefined ? '' : `第 ${line} 行：`,
    placeEn: line === undefined ? '' : `Line ${line}: `,
    reasonZh: text.zh,
    reasonEn: text.en,
  });
}
