import { ruleName, type Text } from '@backcheck/contract';
import type { Instant } from '@backcheck/core';
import { type Determined, deadlineFacts, type PolicyBook, policyBook, type Tx } from '@backcheck/db';
import { decided } from './decide.ts';

/** What a notice of `at` would make of these findings' dates. Missing: what is closed or not of the organization. */
export async function dueIfNotified(
  tx: Tx,
  {
    organizationId,
    findingIds,
    at,
  }: { readonly organizationId: number; readonly findingIds: readonly string[]; readonly at: Instant },
): Promise<Map<string, { readonly dueAt: Instant | null; readonly basis: Text | null }>> {
  const book = await policyBook(tx, organizationId);
  const due = new Map<string, { readonly dueAt: Instant | null; readonly basis: Text | null }>();
  for await (const batch of deadlineFacts(tx, { organizationId, findingIds, now: at })) {
    for (const one of batch) {
      const notified = { ...one, facts: { ...one.facts, notifiedAt: one.facts.notifiedAt ?? at } };
      const { findingId, determination, policyId } = decided(notified, book, at);
      due.set(findingId, {
        dueAt: determination.dueAt,
        basis: basisOf(book, { policyId, rule: determination.rule }),
      });
    }
  }
  return due;
}

/** Which row of which policy; null where it says nothing about such a finding. */
function basisOf(
  book: PolicyBook,
  { policyId, rule }: Pick<Determined, 'policyId'> & { readonly rule: string | null },
): Text | null {
  const assigned = book.nodes.flatMap(({ assignments }) => assignments.map(({ inForce }) => inForce));
  const found = [...assigned, book.default].find((one) => one.policyId === policyId);
  if (found === undefined || rule === null) return null;
  const [{ title }, name] = [found.policy, ruleName(rule)];
  return { zh: `${title.zh}，规则“${name.zh}”`, en: `${title.en}, rule "${name.en}"` };
}
