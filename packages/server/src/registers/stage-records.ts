import { identityOf, isItsOwn, type RegisterKind } from '@backcheck/core';
import {
  type AssetName,
  assetsNamed,
  inScope,
  type Scope,
  type StoredRecord,
  storedRecords,
  type Tx,
} from '@backcheck/db';
import type { Draft } from './draft.ts';
import { paced } from './pace.ts';
import { blameWrong, type Organizations, organizationsIn, type StagingPools } from './stage-organizations.ts';

type RecordKind = Exclude<RegisterKind, 'organization'>;

/** What rows may refer to besides what is stored. */
export interface InThisFile {
  /** By code. */
  readonly organizations: ReadonlyMap<string, Draft>;
  /** By organization and code (`systemKey`). */
  readonly systems: ReadonlyMap<string, Draft>;
}

const systemKey = (organization: string, system: string): string => JSON.stringify([organization, system]);

export const systemsByKey = (drafts: readonly Draft[]): ReadonlyMap<string, Draft> =>
  new Map(
    drafts.map((draft) => [systemKey(draft.text('organizationCode'), draft.text('systemCode')), draft]),
  );

/** Compares rows of systems, assets or contacts with what this scope shows. Without a scope no organization is known. */
export async function stageRecords(
  { pool }: StagingPools,
  drafts: readonly Draft[],
  {
    kind,
    scope,
    file,
  }: { readonly kind: RecordKind; readonly scope: Scope | null; readonly file: InThisFile },
): Promise<void> {
  if (drafts.length === 0) return;
  const organizations = await organizationsIn(pool, scope);
  const known = drafts.filter((draft) => findOrganization(draft, { organizations, scope, file }));
  if (scope !== null) {
    await inScope(pool, scope, async (tx) => {
      await findStored(tx, kind, known, organizations);
      if (kind === 'asset') await checkSystems(tx, known, { organizations, file });
      await paced(drafts, (draft) => draft.compare());
      if (kind === 'asset') await findByName(tx, known, organizations);
    });
  } else await paced(drafts, (draft) => draft.compare());
  if (kind === 'asset') checkSameNames(known);
}

interface Known {
  readonly organizations: Organizations;
  readonly scope: Scope | null;
  readonly file: InThisFile;
}

/** Foreign and missing organizations answer alike. */
function findOrganization(draft: Draft, { organizations, scope, file }: Known): boolean {
  const code = draft.text('organizationCode');
  if (code === '') return false;
  if (organizations.has(code)) return true;
  const made = file.organizations.get(code);
  if (made === undefined || made.stored !== null || !willBeIn(made, { organizations, scope, file })) {
    draft.problem('organizationCode', 'UNKNOWN_ORGANIZATION');
    return false;
  }
  blameWrong(draft, 'organizationCode', made);
  return true;
}

/** A new organization is in the scope when the stored node above it is. */
function willBeIn(made: Draft, { organizations, scope, file }: Known): boolean {
  if (scope?.wide === true) return true;
  const seen = new Set<Draft>();
  let draft: Draft | undefined = made;
  while (draft !== undefined && !seen.has(draft)) {
    seen.add(draft);
    const parent = String(draft.after['parentCode'] ?? '');
    if (organizations.has(parent)) return true;
    draft = file.organizations.get(parent);
  }
  // A row with a wrong parent is blamed itself.
  return scope !== null && made.row.problems.length > 0;
}

const CODE: Readonly<Record<RecordKind, string>> = {
  system: 'systemCode',
  asset: 'assetCode',
  contact: 'name',
};

/** Keys of one query. */
const BATCH = 2000;

async function findStored(
  tx: Tx,
  kind: RecordKind,
  drafts: readonly Draft[],
  organizations: Organizations,
): Promise<void> {
  const keyed = drafts.flatMap((draft) => {
    const organization = organizations.get(draft.text('organizationCode'));
    const code = draft.text(CODE[kind]);
    return organization === undefined || code === '' ? [] : [{ draft, key: { ...organization, code } }];
  });
  const nameOf = (record: StoredRecord['record']): string =>
    JSON.stringify([
      record['organizationCode'],
      record[CODE[kind]],
      kind === 'contact' ? record['role'] : '',
    ]);
  const byName = new Map<string, StoredRecord[]>();
  const organizationsAsked = new Set<number>();
  for (let at = 0; at < keyed.length; at += BATCH) {
    const keys = keyed.slice(at, at + BATCH).map(({ key }) => key);
    // Contacts come by organization, each once.
    const wanted =
      kind === 'contact'
        ? keys.filter(({ organizationId }) => !organizationsAsked.has(organizationId))
        : keys;
    for (const { organizationId } of wanted) organizationsAsked.add(organizationId);
    for (const one of await storedRecords(tx, kind, wanted)) {
      const name = nameOf(one.record);
      byName.set(name, [...(byName.get(name) ?? []), one]);
    }
  }
  for (const { draft } of keyed) {
    const found = byName.get(nameOf(draft.row.record)) ?? [];
    const different = new Map(found.map((one) => [one.recordId, one]));
    if (different.size > 1) draft.problem('name', 'SEVERAL_CONTACTS');
    else draft.stored = found[0] ?? null;
  }
}

async function checkSystems(
  tx: Tx,
  drafts: readonly Draft[],
  { organizations, file }: { readonly organizations: Organizations; readonly file: InThisFile },
): Promise<void> {
  const naming = drafts.filter((draft) => draft.text('systemCode') !== '');
  const keys = naming.flatMap((draft) => {
    const organization = organizations.get(draft.text('organizationCode'));
    return organization === undefined ? [] : [{ ...organization, code: draft.text('systemCode') }];
  });
  const wanted = [
    ...new Map(keys.map((key) => [systemKey(String(key.organizationId), key.code), key])).values(),
  ];
  const stored = new Set<string>();
  for (let at = 0; at < wanted.length; at += BATCH) {
    for (const { record } of await storedRecords(tx, 'system', wanted.slice(at, at + BATCH))) {
      stored.add(systemKey(String(record['organizationCode']), String(record['systemCode'])));
    }
  }
  for (const draft of naming) {
    const key = systemKey(draft.text('organizationCode'), draft.text('systemCode'));
    const made = file.systems.get(key);
    if (made === undefined && !stored.has(key)) draft.problem('systemCode', 'UNKNOWN_SYSTEM');
    else blameWrong(draft, 'systemCode', made);
  }
}

/**
 * An asset whose code is not registered may be one that scans know, by the name that it would have or, where no asset
 * has that, by its other names. Such a one is taken over; a registered one, or several, are for a person to decide.
 */
async function findByName(tx: Tx, drafts: readonly Draft[], organizations: Organizations): Promise<void> {
  const asked = drafts.filter(({ row }) => row.problems.length === 0);
  const names = asked.flatMap((draft, place): AssetName[] => {
    const organizationId = organizations.get(draft.text('organizationCode'))?.organizationId;
    if (organizationId === undefined) return [];
    return namesFor(draft).map((identity) => ({ place, organizationId, identity }));
  });
  const found = new Map<Draft, StoredRecord[]>();
  for (let at = 0; at < names.length; at += BATCH) {
    for (const { place, ...stored } of await assetsNamed(tx, names.slice(at, at + BATCH))) {
      const draft = asked[place];
      if (draft !== undefined) found.set(draft, [...(found.get(draft) ?? []), stored]);
    }
  }
  for (const [draft, candidates] of found) decide(draft, candidates);
}

function namesFor(draft: Draft): string[] {
  const all = draft.identifiers();
  const own = identityOf(all);
  if (draft.stored !== null) return [own];
  const others = all
    .filter(({ kind }) => isItsOwn(draft.after['type'], kind))
    .map((one) => identityOf([one]));
  return [...new Set([own, ...others])];
}

function decide(draft: Draft, candidates: readonly StoredRecord[]): void {
  const others = candidates.filter(({ recordId }) => recordId !== draft.stored?.recordId);
  const own = identityOf(draft.identifiers());
  const same = others.find(({ identity }) => identity === own);
  const codeOf = ({ record, identity }: StoredRecord): string => String(record['assetCode'] ?? identity);
  if (same !== undefined && (draft.stored !== null || same.record['assetCode'] !== undefined)) {
    if (draft.stored?.visited !== true)
      draft.problem('assetCode', 'OTHER_ASSET_CODE', { value: codeOf(same) });
    return;
  }
  if (draft.stored !== null) return;
  const unregistered = new Map(
    (same === undefined ? others : [same])
      .filter(({ record }) => record['state'] === undefined)
      .map((one) => [one.recordId, one]),
  );
  if (unregistered.size > 1) {
    const assets = [...unregistered.values()].map(codeOf).join(', ');
    draft.problem('assetCode', 'SEVERAL_ASSETS', { assets });
    return;
  }
  const [one] = unregistered.values();
  if (one === undefined) return;
  draft.stored = one;
  draft.compare();
}

/** Two rows under one name would be one asset. */
function checkSameNames(drafts: readonly Draft[]): void {
  const taken = new Map<string, Draft>();
  for (const draft of drafts) {
    if (draft.row.problems.length > 0) continue;
    const name = JSON.stringify([draft.text('organizationCode'), identityOf(draft.identifiers())]);
    const other = taken.get(name);
    if (other === undefined) taken.set(name, draft);
    else {
      const { sheet, rowNo } = other.row;
      draft.problem('assetCode', 'DUPLICATE_ROW', { sheet: sheet.name, row: String(rowNo) });
    }
  }
}
