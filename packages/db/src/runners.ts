import type { EngineName, Instant } from '@backcheck/core';
import type { Db } from './pool.ts';

/** What a runner found on its machine: a version, or the package to install. */
export interface RunnerToolRow {
  readonly engine: EngineName;
  readonly version: string | null;
  readonly install: string | null;
}

export interface RunnerRow {
  readonly runnerId: number;
  /** Null: works for every organization. */
  readonly organizationId: number | null;
  readonly name: string;
  readonly vantage: string;
  /** The server's own have no key: they are in its process. */
  readonly kind: 'server' | 'remote';
  readonly version: string | null;
  readonly tools: readonly RunnerToolRow[];
  /** Ed25519 in hex; null before its first contact. */
  readonly publicKey: string | null;
  readonly registeredAt: Instant;
  readonly seenAt: Instant | null;
  readonly revokedAt: Instant | null;
  /** Tasks that it holds. */
  readonly running: number;
}

type Dated = 'registeredAt' | 'seenAt' | 'revokedAt';
type Row = Omit<RunnerRow, Dated> & {
  readonly registeredAt: Date;
  readonly seenAt: Date | null;
  readonly revokedAt: Date | null;
};

const RUNNER = `select runner_id as "runnerId", organization_id as "organizationId", name, vantage,
  case when key_hash is null then 'server' else 'remote' end as kind, version, tools,
  encode(public_key, 'hex') as "publicKey", registered_at as "registeredAt", seen_at as "seenAt",
  revoked_at as "revokedAt",
  (select count(*)::int from retest_task t where t.runner_id = runner.runner_id and t.state = 'running') as running
  from runner`;

const runnerOf = ({ registeredAt, seenAt, revokedAt, ...row }: Row): RunnerRow => ({
  ...row,
  registeredAt: registeredAt.toISOString(),
  seenAt: seenAt?.toISOString() ?? null,
  revokedAt: revokedAt?.toISOString() ?? null,
});

async function oneRunner(db: Db, where: string, values: readonly unknown[]): Promise<RunnerRow | null> {
  const { rows } = await db.query<Row>(`${RUNNER} where ${where}`, [...values]);
  return rows[0] === undefined ? null : runnerOf(rows[0]);
}

export const findRunner = (db: Db, runnerId: number | string): Promise<RunnerRow | null> =>
  oneRunner(db, 'runner_id = $1::bigint', [runnerId]);

/** Null for a key that is unknown or revoked. `hash`: SHA-256 of the key. */
export const findRunnerByKey = (db: Db, hash: Buffer): Promise<RunnerRow | null> =>
  oneRunner(db, 'key_hash = $1 and revoked_at is null', [hash]);

/** Latest first; `before` is the id of the last one of the page before. */
export async function listRunners(
  db: Db,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<RunnerRow[]> {
  const { rows } = await db.query<Row>(
    `${RUNNER} where $1::bigint is null or runner_id < $1 order by runner_id desc limit $2`,
    [before ?? null, limit],
  );
  return rows.map(runnerOf);
}

export interface NewRunner {
  readonly organizationId: number | null;
  readonly name: string;
  readonly vantage: string;
  readonly keyHash: Buffer;
  /** An account id. */
  readonly registeredBy: number;
  readonly registeredAt: Date;
}

/** Null when a runner of this name, not revoked, is registered there. */
export async function insertRunner(db: Db, one: NewRunner): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>(
    `insert into runner (organization_id, name, vantage, key_hash, registered_by, registered_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (coalesce(organization_id, 0), name) where revoked_at is null do nothing
     returning runner_id as id`,
    [one.organizationId, one.name, one.vantage, one.keyHash, one.registeredBy, one.registeredAt],
  );
  return rows[0]?.id ?? null;
}

/**
 * The runner inside a server's process: registered at its first start, found by its name at the next, with the tools
 * that it had, so that a restart is no time without a runner. Null when a remote runner has that name.
 */
export async function ensureServerRunner(
  db: Db,
  { name, vantage, now }: { readonly name: string; readonly vantage: string; readonly now: Date },
): Promise<RunnerRow | null> {
  const { rows } = await db.query<{ id: number }>(
    `insert into runner (organization_id, name, vantage, registered_at, seen_at) values (null, $1, $2, $3, $3)
     on conflict (coalesce(organization_id, 0), name) where revoked_at is null
       do update set vantage = excluded.vantage, seen_at = excluded.seen_at where runner.key_hash is null
     returning runner_id as id`,
    [name, vantage, now],
  );
  return rows[0] === undefined ? null : findRunner(db, rows[0].id);
}

/** False when there is none to revoke; a server's own is not one: it would register again by itself. */
export async function revokeRunner(db: Db, runnerId: string, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    'update runner set revoked_at = $2 where runner_id = $1::bigint and revoked_at is null and key_hash is not null',
    [runnerId, now],
  );
  return rowCount === 1;
}

export interface RunnerGreeting {
  readonly version: string;
  /** Ed25519 in hex. */
  readonly publicKey: string;
  readonly tools: readonly RunnerToolRow[];
  readonly now: Date;
}

/** `other-key`: nothing was written, because at its first contact it had another public key. */
export async function greetRunner(
  db: Db,
  runnerId: number,
  { version, publicKey, tools, now }: RunnerGreeting,
): Promise<'first' | 'again' | 'other-key'> {
  const { rows } = await db.query<{ first: boolean }>(
    `with known as (select runner_id, public_key from runner where runner_id = $1 for no key update)
     update runner r set version = $2, public_key = decode($3, 'hex'), tools = $4, seen_at = $5
       from known where r.runner_id = known.runner_id
         and (known.public_key is null or known.public_key = decode($3, 'hex'))
     returning known.public_key is null as first`,
    [runnerId, version, publicKey, JSON.stringify(tools), now],
  );
  const [greeted] = rows;
  if (greeted === undefined) return 'other-key';
  return greeted.first ? 'first' : 'again';
}

/** It asks every second; a third of what still counts as online is often enough to write. */
export async function noteRunnerSeen(db: Db, runnerId: number, now: Date): Promise<void> {
  await db.query(
    `update runner set seen_at = $2
      where runner_id = $1 and (seen_at is null or seen_at < $2::timestamptz - interval '5 seconds')`,
    [runnerId, now],
  );
}
