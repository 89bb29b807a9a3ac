import type { Instant, RegisteredProfile, ScanProfile } from '@backcheck/core';
import type { Db } from './pool.ts';

/** A registered profile. `organizationId` null: for all organizations. */
export interface ScanProfileRow extends RegisteredProfile {
  readonly id: number;
  readonly organizationId: number | null;
  readonly retiredAt: Instant | null;
}

interface Row {
  readonly scan_profile_id: number;
  readonly organization_id: number | null;
  readonly content: ScanProfile;
  readonly sha256: string;
  readonly registered_at: Date;
  readonly retired_at: Date | null;
}

const COLUMNS = `scan_profile_id, organization_id, content, encode(sha256, 'hex') as sha256, registered_at, retired_at`;

function rowOf(row: Row): ScanProfileRow {
  const { content, sha256 } = row;
  return {
    id: row.scan_profile_id,
    organizationId: row.organization_id,
    ref: { name: content.profile, version: content.version, sha256 },
    content,
    registeredAt: row.registered_at.toISOString(),
    retiredAt: row.retired_at?.toISOString() ?? null,
  };
}

export interface NewScanProfile extends RegisteredProfile {
  readonly organizationId: number | null;
  readonly registeredBy: number | null;
}

/** Null when the organization has this name and version already: a registered profile never changes. */
export async function insertScanProfile(db: Db, profile: NewScanProfile): Promise<ScanProfileRow | null> {
  const { content, ref } = profile;
  const { rows } = await db.query<Row>(
    `insert into scan_profile (organization_id, name, version, tool, content, sha256, registered_at, registered_by)
     values ($1, $2, $3, $4, $5, decode($6, 'hex'), $7, $8)
     on conflict (organization_id, name, version) do nothing returning ${COLUMNS}`,
    [
      profile.organizationId,
      content.profile,
      content.version,
      content.tool,
      JSON.stringify(content),
      ref.sha256,
      profile.registeredAt,
      profile.registeredBy,
    ],
  );
  const row = rows[0];
  return row === undefined ? null : rowOf(row);
}

/** Those for all organizations and, where one is named, its own; by name, newest version first. */
export async function listScanProfiles(
  db: Db,
  { organizationId }: { readonly organizationId: number | null },
): Promise<ScanProfileRow[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from scan_profile where organization_id is null or organization_id = $1
     order by name, version desc, scan_profile_id`,
    [organizationId],
  );
  return rows.map(rowOf);
}

/** Null when there is none that this organization may use. */
export async function findScanProfile(
  db: Db,
  { id, organizationId }: { readonly id: number; readonly organizationId: number },
): Promise<ScanProfileRow | null> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from scan_profile where scan_profile_id = $1 and (organization_id is null or organization_id = $2)`,
    [id, organizationId],
  );
  const row = rows[0];
  return row === undefined ? null : rowOf(row);
}

/** Null when there is no such profile. Retiring it twice keeps the first time. */
export async function retireScanProfile(db: Db, id: string, at: Instant): Promise<ScanProfileRow | null> {
  const { rows } = await db.query<Row>(
    `update scan_profile set retired_at = coalesce(retired_at, $2) where scan_profile_id = $1::bigint returning ${COLUMNS}`,
    [id, at],
  );
  const row = rows[0];
  return row === undefined ? null : rowOf(row);
}
