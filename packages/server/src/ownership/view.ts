import type { HandedOver, HandOver, OwnershipClaim, QueueItem } from '@backcheck/contract';
import type {
  ClaimRow,
  HandOverResult,
  HandOverRow,
  LinkChange,
  NamedOrganization,
  QueueItem as QueueRow,
} from '@backcheck/db';

const named = ({ id, name, nameZh }: NamedOrganization) => ({ id, name, nameZh });
const namedOrNot = (one: NamedOrganization | null) => (one === null ? null : named(one));

export function viewClaim(row: ClaimRow): OwnershipClaim {
  const { id, kind, value, validFrom, validUntil, note, claimedAt, claimedBy, withdrawn, overlapping } = row;
  return {
    id,
    organization: named(row.organization),
    kind,
    value,
    validFrom,
    validUntil,
    note,
    claimedAt,
    claimedBy,
    withdrawn: withdrawn === null ? null : { at: withdrawn.at, by: withdrawn.by },
    overlaps: row.overlaps.map((one) => ({
      claimId: one.claimId,
      organization: named(one.organization),
      value: one.value,
    })),
    overlapping,
  };
}

export function viewItem(row: QueueRow): QueueItem {
  const { assetId, identity, organization, reason, since, guess, guessHidden, dispute } = row;
  return {
    asset: { id: assetId, identity },
    organization: named(organization),
    reason,
    since,
    guess: namedOrNot(guess),
    guessHidden,
    dispute: dispute === null ? null : { by: dispute.by, reason: dispute.reason },
    openFindings: row.openFindings,
    worst: row.worst,
  };
}

export const viewHandOver = ({ from, to, ...row }: HandOverRow): HandOver => ({
  id: row.id,
  assetId: row.assetId,
  intoAssetId: row.intoAssetId,
  identity: row.identity,
  from: namedOrNot(from),
  to: namedOrNot(to),
  at: row.at,
  by: row.by,
  note: row.note,
});

const CODES = { NOT_HERE: 'not-found', LINKED: 'linked', DISTRUSTED: 'distrusted' } as const;

export const viewOutcome = (one: HandOverResult['outcomes'][number]): HandedOver['outcomes'][number] =>
  one.kind === 'handed-over'
    ? { assetId: one.assetId, outcome: one.kind, intoAssetId: one.intoAssetId }
    : { assetId: one.assetId, outcome: CODES[one.code], intoAssetId: null };

export const viewChanges = (all: readonly LinkChange[]): HandedOver['changed'] => {
  const sum = (of: keyof LinkChange): number => all.reduce((total, one) => total + one[of], 0);
  return {
    scans: sum('visits'),
    findings: sum('findings'),
    superseded: sum('superseded'),
    issued: sum('issued'),
  };
};
