import type { Asset, AssetPage, IdentityTask, LinkChange } from '@backcheck/contract';
import type {
  AssetLink,
  AssetRow,
  AssetVisit,
  OtherHolder,
  SeenIdentifier,
  LinkChange as StoredChange,
  IdentityTask as TaskRow,
} from '@backcheck/db';

const viewIdentifier = ({ kind, value, firstSeen, lastSeen }: SeenIdentifier): SeenIdentifier => ({
  kind,
  value,
  firstSeen,
  lastSeen,
});

export function viewAsset(row: AssetRow): Asset {
  return {
    id: row.id,
    organization: row.organization,
    identity: row.identity,
    identifiers: row.identifiers.map(viewIdentifier),
    mergedFrom: [...row.mergedFrom],
    lastSeen: row.lastSeen,
    openFindings: row.openFindings,
  };
}

/** `assets` holds those that the task names. */
export function viewTask(
  { id, kind, asset, other, identifier, raisedAt, resolution }: TaskRow,
  assets: ReadonlyMap<string, AssetRow>,
): IdentityTask {
  const named = (one: { readonly id: string }): Asset => {
    const row = assets.get(one.id);
    if (row === undefined) throw new Error(`identity task ${id} names asset ${one.id}, which is not there`);
    return viewAsset(row);
  };
  return {
    id,
    kind,
    asset: named(asset),
    other: other === null ? null : named(other),
    identifier: { kind: identifier.kind, value: identifier.value },
    raisedAt,
    resolution:
      resolution === null
        ? null
        : {
            outcome: resolution.answer,
            at: resolution.at,
            by: resolution.by,
            note: resolution.note,
          },
  };
}

export const viewLink = ({
  identity,
  target,
  from,
  until,
  at,
  by,
  note,
}: AssetLink): AssetPage['links'][0] => ({
  identity,
  target: { id: target.id, identity: target.identity },
  from,
  until,
  at,
  by,
  note,
});

export const viewHolder = ({ assetId, identity, ...seen }: OtherHolder): AssetPage['holders'][0] => ({
  ...viewIdentifier(seen),
  assetId,
  identity,
});

export const viewVisit = ({
  scanId,
  tool,
  fileName,
  startedAt,
  importedAt,
  reached,
  named,
}: AssetVisit): AssetPage['visits'][0] => ({
  scanId,
  tool,
  fileName,
  startedAt,
  importedAt,
  reached,
  named,
});

export const viewChange = ({ visits, findings, superseded, issued }: StoredChange): LinkChange => ({
  scans: visits,
  findings,
  superseded,
  issued,
});
