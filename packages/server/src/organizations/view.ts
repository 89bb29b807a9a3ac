import type { Organization } from '@backcheck/contract';
import type { OrganizationRow } from '@backcheck/db';

export function viewOrganization({ organizationId, name, nameZh, crossTool }: OrganizationRow): Organization {
  return { id: String(organizationId), name, nameZh, crossTool };
}
