import {
  inScope,
  type Pool,
  type Scope,
  storedRecords,
  takenOrganizationCodes,
  type VisibleOrganization,
  visibleOrganizations,
} from '@backcheck/db';
import { checkNames, checkParents } from './check-tree.ts';
import type { Draft } from './draft.ts';

export interface OrganizationScopes {
  /** Under which organizations are added and moved; null: none may be. */
  readonly create: Scope | null;
  readonly update: Scope | null;
}

export interface StagingPools {
  readonly pool: Pool;
  readonly widePool: Pool;
}

/** What a scope shows of the tree, by code. */
export type Organizations = ReadonlyMap<string, VisibleOrganization>;

export async function organizationsIn(pool: Pool, scope: Scope | null): Promise<Organizations> {
  const rows = scope === null ? [] : await inScope(pool, scope, visibleOrganizations);
  return new Map(rows.map((one) => [one.code, one]));
}

/**
 * Compares the rows of organizations with the tree. `below`: the code of the node under which new ones come that name
 * no parent.
 */
export async function stageOrganizations(
  { pool, widePool }: StagingPools,
  drafts: readonly Draft[],
  { scopes, below }: { readonly scopes: OrganizationScopes; readonly below: string | null },
): Promise<void> {
  if (drafts.length === 0) return;
  const changeable = await organizationsIn(pool, scopes.update);
  const extendable = await organizationsIn(pool, scopes.create);
  await findStored(pool, drafts, { changeable, scope: scopes.update });
  const missing = drafts
    .filter(({ stored }) => stored === null)
    .map((draft) => draft.text('organizationCode'));
  const taken = await takenOrganizationCodes(widePool, missing);
  const byCode = new Map(drafts.map((draft) => [draft.text('organizationCode'), draft]));
  byCode.delete('');
  for (const draft of drafts) {
    const code = draft.text('organizationCode');
    const foreign = draft.stored === null && (scopes.create === null || taken.has(code));
    if (foreign && code !== '') draft.problem('organizationCode', 'UNKNOWN_ORGANIZATION');
    if (draft.stored === null && draft.text('parentCode') === '')
      implyParent(draft, { scopes, below, extendable });
    draft.compare();
    checkMove(draft, { byCode, extendable });
    checkStatus(draft, extendable);
  }
  const tree = { drafts: byCode, stored: new Map([...changeable, ...extendable]) };
  checkParents(tree);
  checkNames(tree);
  blameParents(byCode);
}

async function findStored(
  pool: Pool,
  drafts: readonly Draft[],
  { changeable, scope }: { readonly changeable: Organizations; readonly scope: Scope | null },
): Promise<void> {
  const keys = drafts.flatMap((draft) => changeable.get(draft.text('organizationCode')) ?? []);
  if (scope === null || keys.length === 0) return;
  const found = await inScope(pool, scope, (tx) => storedRecords(tx, 'organization', keys));
  const byCode = new Map(found.map((one) => [String(one.record['organizationCode']), one]));
  for (const draft of drafts) draft.stored = byCode.get(draft.text('organizationCode')) ?? null;
}

interface Reach {
  readonly scopes: OrganizationScopes;
  readonly below: string | null;
  readonly extendable: Organizations;
}

/** Without a parent a new one comes below the node of the import, or on top where somebody sees the whole installation. */
function implyParent(draft: Draft, { scopes, below, extendable }: Reach): void {
  if (scopes.create === null) return;
  if (below !== null && extendable.has(below)) draft.implied['parentCode'] = below;
  else if (!scopes.create.wide) draft.problem('parentCode', 'CELL_REQUIRED');
}

/** A new parent must be one that may be extended, stored or new in this file; so must be what moves below it. */
function checkMove(
  draft: Draft,
  { byCode, extendable }: { readonly byCode: ReadonlyMap<string, Draft>; readonly extendable: Organizations },
): void {
  const parent = draft.text('parentCode');
  if (parent === '' || !('parentCode' in draft.changes) || draft.row.problems.length > 0) return;
  const isNew = byCode.get(parent)?.stored === null;
  if (!isNew && !extendable.has(parent)) draft.problem('parentCode', 'UNKNOWN_ORGANIZATION');
  else if (draft.stored !== null && !extendable.has(draft.text('organizationCode'))) {
    draft.problem('parentCode', 'PARENT_NOT_YOURS');
  }
}

/** That an organization is dissolved or merged is not its own to say, as in organizations/routes.ts. */
function checkStatus(draft: Draft, extendable: Organizations): void {
  if (draft.stored === null || !('status' in draft.changes) || draft.row.problems.length > 0) return;
  if (!extendable.has(draft.text('organizationCode'))) draft.problem('status', 'PARENT_NOT_YOURS');
}

/** What lies below a row that is not applied is not applied either. Parents come before what is below them. */
function blameParents(byCode: ReadonlyMap<string, Draft>): void {
  const looked = new Set<Draft>();
  const look = (first: Draft): void => {
    const path: Draft[] = [];
    let draft: Draft | undefined = first;
    while (draft !== undefined && !looked.has(draft)) {
      looked.add(draft);
      path.push(draft);
      draft = parentDraft(byCode, draft);
    }
    for (const one of path.reverse()) blameWrong(one, 'parentCode', parentDraft(byCode, one));
  };
  for (const draft of byCode.values()) look(draft);
}

const parentDraft = (byCode: ReadonlyMap<string, Draft>, draft: Draft): Draft | undefined =>
  byCode.get(draft.text('parentCode'));

/** A row that refers to one which will not be there because it is wrong. */
export function blameWrong(draft: Draft, field: string, referred: Draft | undefined): void {
  if (referred === undefined || referred === draft || referred.stored !== null) return;
  if (referred.row.problems.length === 0 || draft.row.problems.length > 0) return;
  const { sheet, rowNo } = referred.row;
  draft.problem(field, 'REFERS_TO_WRONG_ROW', { sheet: sheet.name, row: String(rowNo) });
}
