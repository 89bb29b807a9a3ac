import type { Db } from './pool.ts';

/** One way to guess, and how many wrong guesses it has before each next one must wait. */
export interface AttemptKey {
  readonly hash: Buffer;
  readonly free: number;
}

/**
 * Counts an attempt before its password is looked at. Null: go on. Otherwise it was not counted, and the answer is
 * when the next one may come. After the free attempts each waits twice as long as the one before: 10 seconds, 20, ...,
 * at most 15 minutes. An hour without attempts forgets them.
 */
export async function takeAttempt(db: Db, { hash, free }: AttemptKey, now: Date): Promise<Date | null> {
  const taken = await db.query(
    `insert into public.sign_in_attempt as t (key_hash, attempts, next_at, forget_at)
     values ($1, 1, $3, $3::timestamptz + interval '1 hour')
     on conflict (key_hash) do update set
       attempts = case when t.forget_at <= $3 then 1 else t.attempts + 1 end,
       next_at = case when t.forget_at <= $3 or t.attempts < $2 then $3
         else $3::timestamptz + least(interval '10 seconds' * 2 ^ least(t.attempts - $2, 20), interval '15 minutes') end,
       forget_at = $3::timestamptz + interval '1 hour'
     where t.next_at <= $3`,
    [hash, free, now],
  );
  if (taken.rowCount === 1) return null;
  const waiting = await db.query<{ nextAt: Date }>(
    'select next_at as "nextAt" from public.sign_in_attempt where key_hash = $1',
    [hash],
  );
  return waiting.rows[0]?.nextAt ?? now;
}

/** It was the right password after all: that attempt, or all of this key, are forgotten. */
export async function forgetAttempts(db: Db, hash: Buffer, which: 'this' | 'all'): Promise<void> {
  await db.query(
    which === 'all'
      ? 'delete from public.sign_in_attempt where key_hash = $1'
      : 'update public.sign_in_attempt set attempts = greatest(attempts - 1, 0), next_at = least(next_at, now()) where key_hash = $1',
    [hash],
  );
}
