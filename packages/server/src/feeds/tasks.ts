import type { FeedName } from '@backcheck/core';
import { FEEDS } from '@backcheck/core';
import { feedsToFetch, inTransaction, noteFailure } from '@backcheck/db';
import type { TaskList } from 'graphile-worker';
import { z } from 'zod';
import type { Parts } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { download } from './download.ts';
import { takeInFeed } from './take-in.ts';

export const FEED_CRONTAB = '17 3 * * * fetch-feeds ?jobKey=fetch-feeds&max=3';

type Fetching = Pick<Parts, 'widePool' | 'clock' | 'log' | 'maxUploadBytes'>;

/** Queued by `queue_fetch` in 0017_feeds.sql with one feed, and each night without. */
const Payload = z.looseObject({ feed: z.enum(FEEDS).nullish() }).nullish();

export const feedTasks = (parts: Fetching): TaskList => ({
  'fetch-feeds': async (payload) => fetchFeeds(parts, Payload.parse(payload)?.feed ?? null),
});

/** One after the other; what one of them lacks does not keep the others. */
export async function fetchFeeds(parts: Fetching, feed: FeedName | null): Promise<void> {
  for (const one of await feedsToFetch(parts.widePool, feed)) {
    try {
      await fetchFeed(parts, one.feed, one.address);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { code, facts } = error;
      parts.log.warn({ feed: one.feed, code, facts }, 'a feed could not be fetched');
      await noteFailure(parts.widePool, one.feed, { code, facts, at: parts.clock().toISOString() });
    }
  }
}

/** Milliseconds for one file as a whole. */
const LONGEST = 30 * 60_000;

async function fetchFeed(parts: Fetching, feed: FeedName, address: string): Promise<void> {
  const signal = AbortSignal.timeout(LONGEST);
  const file = await download({ address, most: parts.maxUploadBytes, signal });
  try {
    await inTransaction(parts.widePool, (tx) =>
      takeInFeed(tx, feed, {
        bytes: file.read(),
        sha256: file.sha256,
        by: null,
        at: parts.clock().toISOString(),
        older: false,
      }),
    );
  } finally {
    await file.drop();
  }
}
