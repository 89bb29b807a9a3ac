import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { syncEquivalences } from './equivalences.ts';

const FOLDER = new URL('../migrations/', import.meta.url);

/** The database was made by a newer Backcheck, or a released migration was edited. `code` says which. */
export class MigrationRefused extends Error {
  readonly code: 'DATABASE_NEWER' | 'MIGRATION_EDITED';
  constructor(code: MigrationRefused['code'], message: string) {
    super(message);
    this.name = 'MigrationRefused';
    this.code = code;
  }
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

async function migrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, FOLDER), 'utf8');
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Brings the database to this version: numbered SQL files, each once, each in its own transaction.
 * Two starters at a time wait for each other on an advisory lock.
 * @throws MigrationRefused when the database is ahead of the code or a file has changed since it ran.
 */
export async function migrate(config: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('backcheck migrate'))`);
    await client.query(
      `create table if not exists migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`,
    );
    await applyAll(client, await migrations());
    await syncEquivalences(client);
  } finally {
    await client.end();
  }
}

async function applyAll(client: pg.Client, files: readonly Migration[]): Promise<void> {
  const rows = (await client.query<{ name: string; sha256: string }>('select name, sha256 from migration'))
    .rows;
  const applied = new Map(rows.map((row) => [row.name, row.sha256]));
  for (const name of applied.keys()) {
    if (!files.some((file) => file.name === name)) {
      throw new MigrationRefused(
        'DATABASE_NEWER',
        `The database has migration ${name}, which this version does not know. Start the newer version.`,
      );
    }
  }
  for (const file of files) {
    const before = applied.get(file.name);
    if (before === file.sha256) continue;
    if (before !== undefined) {
      throw new MigrationRefused(
        'MIGRATION_EDITED',
        `Migration ${file.name} was changed after it ran. Restore the released file.`,
      );
    }
    await applyOne(client, file);
  }
}

async function applyOne(client: pg.Client, file: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query('insert into migration (name, sha256) values ($1, $2)', [file.name, file.sha256]);
    await client.query(file.sql);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new Error(`Migration ${file.name} failed`, { cause });
  }
}
