import type { Reason, Severity } from '@backcheck/core';
import { reasonCode, severityCode } from './codes.ts';
import { insertOrganization } from './organizations.ts';
import type { Db, Tx } from './pool.ts';

/** Where a DefectDojo client wants its findings: a product is an organization (docs/defectdojo.md). */
export interface DojoEngagement {
  readonly organizationId: number;
  readonly engagementId: number;
  readonly productTypeId: number;
}

export interface DojoTest extends DojoEngagement {
  readonly testId: number;
  readonly title: string;
  readonly scanType: string;
}

const ENGAGEMENT = `e.organization_id as "organizationId", e.engagement_id as "engagementId", e.product_type_id as "productTypeId"`;
const TEST = `${ENGAGEMENT}, t.test_id as "testId", t.title, t.scan_type as "scanType"`;
const TESTS = `defectdojo_test t join defectdojo_engagement e using (organization_id, engagement_id)`;

export async function findDojoEngagement(db: Db, engagementId: number): Promise<DojoEngagement | null> {
  const found = await db.query<DojoEngagement>(
    `select ${ENGAGEMENT} from defectdojo_engagement e where engagement_id = $1`,
    [engagementId],
  );
  return found.rows[0] ?? null;
}

export interface DojoNames {
  readonly productType: string;
  readonly product: string;
  readonly engagement: string;
}

/**
 * One for each organization that the transaction sees under the product's name: in two places of the tree there may be two.
 * `engagement` null: it has no such engagement.
 */
export async function findDojoNames(
  db: Db,
  { product, engagement }: DojoNames,
): Promise<{ readonly organizationId: number; readonly engagement: DojoEngagement | null }[]> {
  const found = await db.query<DojoEngagement & { id: number }>(
    `select o.organization_id as id, ${ENGAGEMENT} from organization o
       left join defectdojo_engagement e on e.organization_id = o.organization_id and e.name = $2
      where o.name = $1`,
    [product, engagement],
  );
  return found.rows.map((row) => ({
    organizationId: row.id,
    engagement: row.engagementId === null ? null : row,
  }));
}

/** Makes the engagement, and a new organization for it where none is given. Two clients at once get the same ones. */
export async function ensureDojoNames(
  tx: Tx,
  names: DojoNames,
  organizationId: number | null,
): Promise<DojoEngagement> {
  if (organizationId === null) await insertOrganization(tx, { name: names.product, nameZh: null });
  await tx.query('insert into defectdojo_product_type (name) values ($1) on conflict (name) do nothing', [
    names.productType,
  ]);
  await tx.query(
    `insert into defectdojo_engagement (organization_id, product_type_id, name)
     select o.organization_id, p.product_type_id, $3 from organization o, defectdojo_product_type p
     where o.name = $1 and p.name = $2 and ($4::int is null and o.parent_id is null or o.organization_id = $4)
     on conflict (organization_id, name) do nothing`,
    [names.product, names.productType, names.engagement, organizationId],
  );
  const { rows } = await tx.query<DojoEngagement>(
    `select ${ENGAGEMENT} from defectdojo_engagement e join organization o using (organization_id)
     where o.name = $1 and e.name = $2 and ($3::int is null and o.parent_id is null or o.organization_id = $3)`,
    [names.product, names.engagement, organizationId],
  );
  const [engagement] = rows;
  if (engagement === undefined) throw new Error('The engagement was removed while it was being made');
  return engagement;
}

export async function findDojoTest(db: Db, testId: number): Promise<DojoTest | null> {
  const found = await db.query<DojoTest>(`select ${TEST} from ${TESTS} where t.test_id = $1`, [testId]);
  return found.rows[0] ?? null;
}

/** The last test of this title and scan type, else the last of the scan type, as DefectDojo looks it up. */
export async function findDojoTestByName(
  db: Db,
  { engagementId }: DojoEngagement,
  { scanType, title }: { readonly scanType: string; readonly title: string | null },
): Promise<DojoTest | null> {
  const found = await db.query<DojoTest>(
    `select ${TEST} from ${TESTS} where t.engagement_id = $1 and t.scan_type = $2
      order by t.title = $3 desc nulls last, t.test_id desc limit 1`,
    [engagementId, scanType, title],
  );
  return found.rows[0] ?? null;
}

export async function insertDojoTest(
  db: Db,
  { organizationId, engagementId, productTypeId }: DojoEngagement,
  { scanType, title }: { readonly scanType: string; readonly title: string },
): Promise<DojoTest> {
  const made = await db.query<{ testId: number }>(
    `insert into defectdojo_test (organization_id, engagement_id, scan_type, title) values ($1, $2, $3, $4)
     returning test_id as "testId"`,
    [organizationId, engagementId, scanType, title],
  );
  const testId = made.rows[0]?.testId;
  if (testId === undefined) throw new Error('insert into defectdojo_test returned nothing');
  return { organizationId, engagementId, productTypeId, testId, title, scanType };
}

/** Says that an import belongs to a test. */
export async function insertDojoUpload(
  db: Db,
  { organizationId, testId }: DojoTest,
  importId: string,
): Promise<void> {
  await db.query(
    'insert into defectdojo_upload (organization_id, test_id, import_id) values ($1, $2, $3) on conflict do nothing',
    [organizationId, testId, importId],
  );
}

/** What an import did to a finding of the test. `absent`: it was not in the file, and the file does not prove it gone. */
export type DojoAction = 'created' | 'closed' | 'reactivated' | 'untouched' | 'absent' | 'none';

/** Findings of a test that are alike in all that the statistics count. */
export interface DojoCount {
  readonly severity: Severity;
  readonly closed: boolean;
  readonly action: DojoAction;
  /** Of an `absent` one: why it is not closed; null where no scan tried. */
  readonly reason: Reason | null;
  readonly count: number;
}

/**
 * The findings that any upload of a test saw, each with what the import of scan $3 did to it. `$4` is false when the file
 * had been imported before: then it did nothing.
 */
const COUNTS = `
with scans as (
  select distinct i.scan_id from defectdojo_upload u join import i using (organization_id, import_id)
  where u.organization_id = $1 and u.test_id = $2 and i.scan_id is not null),
mine as (
  select distinct f.finding_id from sighting s cross join lateral unnest(s.finding_ids) f(finding_id)
  where s.organization_id = $1 and s.scan_id in (select scan_id from scans)),
here as (
  select distinct f.finding_id from sighting s cross join lateral unnest(s.finding_ids) f(finding_id)
  where s.organization_id = $1 and s.scan_id = $3),
before as (
  select distinct f.finding_id from sighting s cross join lateral unnest(s.finding_ids) f(finding_id)
  where s.organization_id = $1 and s.scan_id <> $3
    and s.asset_id in (select asset_id from sighting where organization_id = $1 and scan_id = $3)),
entry as (
  select l.seq from ledger l join scan c on c.organization_id = $1 and c.scan_id = $3
  where l.organization_id = $1 and $4 and l.entry ->> 'kind' = 'import' and l.entry ->> 'scan' = encode(c.sha256, 'hex')
    and (l.entry ->> 'at')::timestamptz = c.imported_at)
select f.severity, f.state = 'verified-fixed' as closed, case
    when $4 and h.finding_id is not null and b.finding_id is null then 'created'
    when exists (select from certificate c where c.organization_id = $1 and c.certificate_id = f.certificate_id and c.seq in (select seq from entry)) then 'closed'
    when h.finding_id is not null and exists (select from supersession s join certificate c using (organization_id, certificate_id)
      where s.organization_id = $1 and s.seq in (select seq from entry) and s.cause = 'regressed' and c.finding_id = f.finding_id) then 'reactivated'
    when h.finding_id is not null then 'untouched'
    when f.state <> 'verified-fixed' then 'absent' else 'none' end as action,
  case when h.finding_id is null and f.state <> 'verified-fixed' then f.reason end as reason, count(*)::int as count
from mine m join finding f on f.organization_id = $1 and f.finding_id = m.finding_id
left join here h on h.finding_id = f.finding_id
left join before b on b.finding_id = f.finding_id
group by 1, 2, 3, 4`;

export async function countDojoTest(
  db: Db,
  { organizationId, testId }: DojoTest,
  { scanId, alreadyImported }: { readonly scanId: string; readonly alreadyImported: boolean },
): Promise<DojoCount[]> {
  const { rows } = await db.query<{
    severity: number;
    closed: boolean;
    action: DojoAction;
    reason: number | null;
    count: number;
  }>(COUNTS, [organizationId, testId, scanId, !alreadyImported]);
  return rows.map((row) => ({
    ...row,
    severity: severityCode.decode(row.severity),
    reason: row.reason === null ? null : reasonCode.decode(row.reason),
  }));
}
