import { ASSET_FIELDS } from './asset-fields.ts';
import { CONTACT_FIELDS } from './contact-fields.ts';
import type { Field, RegisterKind, RegisterRecord, RegisterTable } from './field.ts';
import { ORGANIZATION_FIELDS } from './organization-fields.ts';
import { SYSTEM_FIELDS } from './system-fields.ts';

/**
 * The registers as data: which columns there are, what each may hold, and what names a record. Codes are unique in
 * their organization, so those of a system and of an asset count together with its code. Computed fields (when last
 * scanned, how many findings) are no columns: nobody types them.
 */
export const CATALOGUE: Readonly<Record<RegisterKind, RegisterTable>> = {
  organization: {
    kind: 'organization',
    label: { zh: '单位台账', en: 'Organizations' },
    key: ['organizationCode'],
    fields: ORGANIZATION_FIELDS,
  },
  system: {
    kind: 'system',
    label: { zh: '系统台账', en: 'Systems' },
    key: ['organizationCode', 'systemCode'],
    fields: SYSTEM_FIELDS,
  },
  asset: {
    kind: 'asset',
    label: { zh: '资产台账', en: 'Assets' },
    key: ['organizationCode', 'assetCode'],
    fields: ASSET_FIELDS,
  },
  contact: {
    kind: 'contact',
    label: { zh: '应急联络人', en: 'Contacts' },
    key: ['organizationCode', 'role', 'name'],
    fields: CONTACT_FIELDS,
  },
};

const BY_KEY = new Map(
  Object.values(CATALOGUE).map(({ kind, fields }) => [kind, new Map(fields.map((one) => [one.key, one]))]),
);

export function fieldOf(kind: RegisterKind, key: string): Field | undefined {
  return BY_KEY.get(kind)?.get(key);
}

/** What names the record among those of its kind, as JSON; null while a part of it is missing. */
export function recordKey(kind: RegisterKind, record: RegisterRecord): string | null {
  const parts = CATALOGUE[kind].key.map((key) => record[key]);
  return parts.includes(undefined) ? null : JSON.stringify(parts);
}
