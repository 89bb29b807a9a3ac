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

/** The newest version of each policy, and each that was assigned and holds now. */
export function shownVersions(list: DeadlinePolicyList): DeadlinePolicy[] {
  const shown = new Set([
    ...newestVersions(list).map(({ id }) => id),
    ...presentAssignments(list).map(({ policyId }) => policyId),
  ]);
  return list.items.filter((policy) => shown.has(policy.id) || isDefault(list, policy));
}

/** Where this very version holds now. */
export const holdsAt = (
  list: DeadlinePolicyList,
  policy: DeadlinePolicy,
): { readonly isDefault: boolean; readonly nodes: PolicyAssignment[] } => ({
  isDefault: isDefault(list, policy),
  nodes: presentAssignments(list).filter(({ policyId }) => policyId === policy.id),
});

/** It holds wherever nothing else was said. */
const isDefault = (
  { items, assignments, defaultCode }: DeadlinePolicyList,
  { id }: DeadlinePolicy,
): boolean =>
  items.find(({ preset, content }) => preset && content.code === defaultCode)?.id === id &&
  !assignments.some(({ organizationId, appliesTo }) => organizationId === null && appliesTo === 'open');
