import type { DeadlinePolicy, DeadlinePolicyList, PolicyAssignment } from '@backcheck/contract';

/** The newest version of each policy; the list comes with the newest of each first. */
export function newestVersions({ items }: Pick<DeadlinePolicyList, 'items'>): DeadlinePolicy[] {
  const seen = new Set<string>();
  return items.filter(({ content: { code }, organizationId }) => {
    const key = `${organizationId} ${code}`;
    return seen.size !== seen.add(key).size;
  });
}

/** Of each node the latest assignment to open findings, and those to new ones since. */
export function presentAssignments({
  assignments,
}: Pick<DeadlinePolicyList, 'assignments'>): PolicyAssignment[] {
  const settled = new Set<string | null>();
  return assignments.filter(({ organizationId, appliesTo }) => {
    if (settled.has(organizationId)) return false;
    if (appliesTo === 'open') settled.add(organizationId);
    return true;
  });
}
