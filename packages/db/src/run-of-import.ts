import type { Db } from './pool.ts';

/** The run of a retest whose file an import is. */
export interface RunOfImport {
  readonly engine: string;
  readonly host: string;
  /** Where the runner says that a name was; null where nothing was sent. */
  readonly address: string | null;
  /** When the task was given to the runner. */
  readonly takenAt: Date;
}

/** Null for an import that somebody sent. `importId` of an import of this organization. */
export async function runOfImport(
  db: Db,
  organizationId: number,
  importId: string,
): Promise<RunOfImport | null> {
  const { rows } = await db.query<Omit<RunOfImport, 'address'> & { readonly payload: string | null }>(
    `select engine, host, started_at as "takenAt", result ->> 'payload' as payload
     from retest_task where organization_id = $1 and import_id = $2`,
    [organizationId, importId],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { payload, ...run } = row;
  return { ...run, address: statedAddress(payload) };
}

/** What a runner says is read here: PostgreSQL refuses some of what JSON may hold, such as NUL. */
export function statedAddress(payload: string | null): string | null {
  if (payload === null) return null;
  const statement: unknown = JSON.parse(Buffer.from(payload, 'base64').toString());
  const address: unknown = Object(statement).address;
  return typeof address === 'string' ? address : null;
}
