/** What the database itself refuses of a change to the registers. */
export type RegisterRefusal = 'CODE_TAKEN' | 'NAME_TAKEN' | 'CIRCLE';

const CONSTRAINTS: Readonly<Record<string, RegisterRefusal>> = {
  organization_org_code_key: 'CODE_TAKEN',
  organization_name: 'NAME_TAKEN',
  organization_not_below_itself: 'CIRCLE',
  system_organization_id_sys_code_key: 'CODE_TAKEN',
  asset_by_code: 'CODE_TAKEN',
  key_list_organization_id_name_key: 'NAME_TAKEN',
  campaign_code_key: 'CODE_TAKEN',
};

/** Null: the error is none of these. The transaction in which it was thrown is lost. */
export function registerRefusal(error: unknown): RegisterRefusal | null {
  if (!(error instanceof Error && 'constraint' in error && typeof error.constraint === 'string')) return null;
  return CONSTRAINTS[error.constraint] ?? null;
}
