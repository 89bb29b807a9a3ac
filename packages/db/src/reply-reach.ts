import type { Db } from './pool.ts';

/** With the other findings of their problems that are not proven gone; ids, each once. */
export async function wholeProblems(db: Db, findingIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select distinct o.finding_id as id
     from finding f
     join finding o on o.organization_id = f.organization_id and o.asset_id = f.asset_id and o.problem = f.problem
     where f.finding_id = any ($1::bigint[]) and (o.state <> 'verified-fixed' or o.finding_id = f.finding_id)`,
    [findingIds],
  );
  return [...new Set([...findingIds, ...rows.map(({ id }) => id)])];
}

/** What names a finding to a person. */
export interface FindingPlace {
  readonly id: string;
  readonly title: string;
  /** Its first identifier. */
  readonly asset: string;
  /** 0: none. */
  readonly port: number;
}

/** By id, in their order. */
export async function placesOf(
  db: Db,
  organizationId: number,
  findingIds: readonly string[],
): Promise<Map<string, FindingPlace>> {
  const { rows } = await db.query<FindingPlace>(
    `select f.finding_id as id, d.title, coalesce(a.identifiers -> 0 ->> 'value', a.identity) as asset, f.port
     from finding f
     join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
     join description d on d.description_id = f.description_id
     where f.organization_id = $1 and f.finding_id = any ($2::bigint[])`,
    [organizationId, findingIds],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
