import type {
  Contact,
  KeyList,
  KeyListMember,
  Organization,
  RecordChange,
  RegisteredAsset,
  RegisterFields,
  System,
} from '@backcheck/contract';
import type { RegisterRecord } from '@backcheck/core';
import type {
  ContactRow,
  KeyListRow,
  MemberRow,
  OrganizationRow,
  RecordOwner,
  RegisteredAssetRow,
  RecordChange as StoredChange,
  SystemRow,
} from '@backcheck/db';

const idOrNull = (id: number | null): string | null => (id === null ? null : String(id));

export const viewFields = (record: RegisterRecord): RegisterFields =>
  Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, typeof value === 'object' ? [...value] : value]),
  );

export const viewOwner = ({ organizationId, name, nameZh }: RecordOwner) => ({
  id: String(organizationId),
  name,
  nameZh,
});

const viewAccount = (by: { readonly accountId: number; readonly name: string } | null) =>
  by === null ? null : { id: String(by.accountId), name: by.name };

export function viewOrganization(row: OrganizationRow): Organization {
  return {
    id: String(row.organizationId),
    code: row.code,
    name: row.name,
    nameZh: row.nameZh,
    parentId: idOrNull(row.parentId),
    status: row.status,
    collecting: row.collecting,
    crossTool: row.crossTool,
    steadyProof: row.steadyProof,
  };
}

export const viewSystem = (row: SystemRow): System => ({
  id: row.id,
  organization: viewOwner(row.organization),
  version: row.version,
  status: row.status,
  assets: row.assets,
  fields: viewFields(row.record),
});

export const viewContact = (row: ContactRow): Contact => ({
  id: row.id,
  organization: viewOwner(row.organization),
  version: row.version,
  fields: viewFields(row.record),
  verified: row.verified === null ? null : { at: row.verified.at, by: viewAccount(row.verified.by) },
  returned: row.returned,
});

export const viewKeyList = (row: KeyListRow): KeyList => ({
  id: row.id,
  organizationId: idOrNull(row.organizationId),
  version: row.version,
  name: row.name,
  // The table holds what `CreateKeyList` let through.
  purpose: row.purpose as KeyList['purpose'],
  reason: row.reason,
  approvedBy: row.approvedBy,
  validFrom: row.validFrom,
  validTo: row.validTo,
  members: row.members,
});

export const viewMember = ({ kind, id, name, organization }: MemberRow): KeyListMember => ({
  kind,
  id,
  name,
  organization: viewOwner(organization),
});

export const viewRegisteredAsset = (row: RegisteredAssetRow): RegisteredAsset => ({
  id: row.id,
  organization: viewOwner(row.organization),
  system: row.system === null ? null : { id: row.system.id, name: row.system.name },
  identity: row.identity,
  version: row.version,
  registeredAt: row.registeredAt,
  visited: row.visited,
  exposureDeclared:
    row.exposureDeclared === null
      ? null
      : { at: row.exposureDeclared.at, by: viewAccount(row.exposureDeclared.by) },
  fields: viewFields(row.record),
});

export const viewRecordChange = (row: StoredChange): RecordChange => ({
  id: row.id,
  at: row.at,
  by: viewAccount(row.by),
  via: row.via,
  registerImportId: row.registerImportId,
  kind: row.kind,
  recordId: row.recordId,
  action: row.action,
  fields: row.fields.map(({ field, before, after }) => ({
    field,
    before: copied(before),
    after: copied(after),
  })),
});

const copied = (value: StoredChange['fields'][number]['before']) =>
  value !== null && typeof value === 'object' ? [...value] : value;
