import { DEFAULT_OFFICE, type NoticeKind, type NoticeOffice, type PaperLanguage } from '@backcheck/core';
import type { NoticeKey } from './notice-changes.ts';
import type { Db, Tx } from './pool.ts';

/** What was set last at one node. */
export interface NoticeOfficeRow {
  /** Of the node; null: the whole installation. */
  readonly organizationId: number | null;
  readonly office: NoticeOffice;
  readonly setBy: string | null;
  readonly setAt: string;
}

const OFFICE = `
select f.organization_id as "organizationId", f.content as office, account_name(f.set_by) as "setBy", f.set_at as "setAt"
from notice_office f`;

type StoredOffice = Omit<NoticeOfficeRow, 'setAt' | 'office'> & {
  readonly office: Omit<NoticeOffice, 'consequences'> & Partial<Pick<NoticeOffice, 'consequences'>>;
  readonly setAt: Date;
};

/** What was set before a field was there lacks it. */
const rowOf = ({ office, setAt, ...row }: StoredOffice): NoticeOfficeRow => ({
  ...row,
  office: { ...office, consequences: office.consequences ?? '' },
  setAt: setAt.toISOString(),
});

/** What holds for an organization: set last at the nearest node above it. Null: nobody has set one. */
export async function findOffice(db: Db, organizationId: number | null): Promise<NoticeOfficeRow | null> {
  const { rows } = await db.query<StoredOffice>(
    `${OFFICE} left join organization_ancestor a on a.ancestor_id = f.organization_id and a.organization_id = $1
     where f.organization_id is null or a.depth is not null
     order by a.depth nulls last, f.set_at desc, f.notice_office_id desc limit 1`,
    [organizationId],
  );
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

/** The same with our own words where nobody has set any. */
export async function officeOf(db: Db, organizationId: number | null): Promise<NoticeOffice> {
  return (await findOffice(db, organizationId))?.office ?? DEFAULT_OFFICE;
}

/** What was set at one node, the latest first. */
export async function listOffices(
  db: Db,
  organizationId: number | null,
  limit: number,
): Promise<NoticeOfficeRow[]> {
  const { rows } = await db.query<StoredOffice>(
    `${OFFICE} where f.organization_id is not distinct from $1
     order by f.set_at desc, f.notice_office_id desc limit $2`,
    [organizationId, limit],
  );
  return rows.map(rowOf);
}

/** What was set before stays; it is what earlier papers were issued under. */
export async function insertOffice(
  tx: Tx,
  office: NoticeOffice,
  { organizationId, setBy, setAt }: { organizationId: number | null; setBy: number; setAt: string },
): Promise<void> {
  await tx.query(
    'insert into notice_office (organization_id, content, set_by, set_at) values ($1, $2, $3, $4)',
    [organizationId, JSON.stringify(office), setBy, setAt],
  );
}

/**
 * What other series print: the kinds whose numbers, as regular expressions, are on papers of other series already, and the
 * patterns that hold at other offices, also those that the caller does not see. Where the installation has no office, our
 * own words hold for it. No office is set beside until the transaction ends.
 */
export async function numbersElsewhere(
  tx: Tx,
  organizationId: number | null,
  patterns: Readonly<Record<NoticeKind, string>>,
): Promise<{ readonly printed: readonly NoticeKind[]; readonly held: readonly string[] }> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('notice-office', 0))`);
  const { rows } = await tx.query<{ printed: NoticeKind[]; held: string[]; unset: boolean }>(
    `select array(select numbers_printed_elsewhere($1, $2)) as printed, array(select number_patterns_elsewhere($1)) as held,
       not exists (select from notice_office where organization_id is null) as unset`,
    [organizationId, JSON.stringify(patterns)],
  );
  const { printed = [], held = [], unset = true } = rows[0] ?? {};
  const byDefault = unset && organizationId !== null ? Object.values(DEFAULT_OFFICE.numbers) : [];
  return { printed, held: [...held, ...byDefault] };
}

/** The office's own DOCX for the papers of one kind in one language. */
export interface NoticeTemplateRow {
  readonly id: string;
  readonly organizationId: number | null;
  readonly kind: NoticeKind;
  readonly language: PaperLanguage;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly takenInBy: string | null;
  readonly takenInAt: string;
  readonly retiredAt: string | null;
}

type StoredTemplate = Omit<NoticeTemplateRow, 'sizeBytes' | 'takenInAt' | 'retiredAt'> & {
  readonly sizeBytes: string;
  readonly takenInAt: Date;
  readonly retiredAt: Date | null;
};

const TEMPLATE = `
select m.notice_template_id::text as id, m.organization_id as "organizationId", m.kind, m.language, m.file_name as "fileName",
  m.size_bytes::text as "sizeBytes", encode(m.sha256, 'hex') as sha256, account_name(m.taken_in_by) as "takenInBy", m.taken_in_at as "takenInAt",
  m.retired_at as "retiredAt"
from notice_template m`;

const templateOf = (stored: StoredTemplate): NoticeTemplateRow => ({
  ...stored,
  sizeBytes: Number(stored.sizeBytes),
  takenInAt: stored.takenInAt.toISOString(),
  retiredAt: stored.retiredAt?.toISOString() ?? null,
});

/** Those of one node that are not retired, the latest first: the first of its kind and language is the one in use. */
export async function listTemplates(db: Db, organizationId: number | null): Promise<NoticeTemplateRow[]> {
  const { rows } = await db.query<StoredTemplate>(
    `${TEMPLATE} where m.organization_id is not distinct from $1 and m.retired_at is null
     order by m.kind, m.language, m.taken_in_at desc, m.notice_template_id desc limit 500`,
    [organizationId],
  );
  return rows.map(templateOf);
}

export async function findTemplate(db: Db, id: string): Promise<NoticeTemplateRow | null> {
  const { rows } = await db.query<StoredTemplate>(`${TEMPLATE} where m.notice_template_id = $1::int`, [id]);
  return rows[0] === undefined ? null : templateOf(rows[0]);
}

/** The one that fills papers of an organization: the latest at the nearest node that has one. */
export async function templateInForce(
  db: Db,
  { organizationId, kind, language }: { organizationId: number; kind: NoticeKind; language: PaperLanguage },
): Promise<NoticeTemplateRow | null> {
  const { rows } = await db.query<StoredTemplate>(
    `${TEMPLATE} left join organization_ancestor a on a.ancestor_id = m.organization_id and a.organization_id = $1
     where (m.organization_id is null or a.depth is not null) and m.kind = $2 and m.language = $3 and m.retired_at is null
     order by a.depth nulls last, m.taken_in_at desc, m.notice_template_id desc limit 1`,
    [organizationId, kind, language],
  );
  return rows[0] === undefined ? null : templateOf(rows[0]);
}

export interface NewTemplate extends Pick<NoticeTemplateRow, 'organizationId' | 'kind' | 'language'> {
  readonly file: Pick<NoticeTemplateRow, 'fileName' | 'sizeBytes' | 'sha256'>;
  readonly takenInBy: number;
  readonly takenInAt: string;
}

/** Its id. */
export async function insertTemplate(tx: Tx, template: NewTemplate): Promise<string> {
  const { organizationId, kind, language, file, takenInBy, takenInAt } = template;
  const { rows } = await tx.query<{ id: string }>(
    `insert into notice_template (organization_id, kind, language, file_name, size_bytes, sha256, taken_in_by, taken_in_at)
     values ($1, $2, $3, $4, $5, decode($6, 'hex'), $7, $8) returning notice_template_id::text as id`,
    [organizationId, kind, language, file.fileName, file.sizeBytes, file.sha256, takenInBy, takenInAt],
  );
  return rows[0]?.id ?? '';
}

/** False: it was retired before, or the caller may not. */
export async function retireTemplate(tx: Tx, id: string, retiredAt: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update notice_template set retired_at = $2 where notice_template_id = $1::int and retired_at is null',
    [id, retiredAt],
  );
  return rowCount === 1;
}

/** What anybody with a paper in hand may know of it. */
export interface IssuedPaperRow extends NoticeKey {
  readonly kind: NoticeKind;
  readonly number: string;
  readonly issuedAt: string;
  readonly state: 'issued' | 'withdrawn' | 'superseded';
  readonly endedAt: string | null;
  /** Number of the notice that took its place. */
  readonly supersededBy: string | null;
  /** Canonical JSON of the content, whose hash was asked for. */
  readonly content: string;
}

/** The issued notice with this content. Null: none was issued here. */
export async function findIssuedPaper(db: Db, sha256: string): Promise<IssuedPaperRow | null> {
  const { rows } = await db.query<
    Omit<IssuedPaperRow, 'issuedAt' | 'endedAt'> & { issuedAt: Date; endedAt: Date | null }
  >(
    `select n.organization_id as "organizationId", n.notice_id::text as "noticeId", n.kind, n.number, n.issued_at as "issuedAt", n.state, n.ended_at as "endedAt", n.content, s.number as "supersededBy"
     from notice n
     left join notice s on s.organization_id = n.organization_id and s.notice_id = n.superseded_by
     where n.content_sha256 = decode($1, 'hex') and n.issued_at is not null
     order by n.issued_at limit 1`,
    [sha256],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return { ...row, issuedAt: row.issuedAt.toISOString(), endedAt: row.endedAt?.toISOString() ?? null };
}
