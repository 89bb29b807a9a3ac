import { DEFAULT_OFFICE, noticeNumber, yearIn } from '@backcheck/core';
import {
  dateFindings,
  findOffice,
  keepNumber,
  lockNotice,
  lockOrganization,
  type NoticeKey,
  namesOfAccounts,
  noteIssued,
  noticeWords,
  type Tx,
  takeNumber,
  writeLedgerRecord,
} from '@backcheck/db';
import { found } from '../organizations/refusal.ts';
import { Problem } from '../platform/problem.ts';
import { contentOf, duesOf, type FrozenContent, factsOfAll, readDraft, sealed } from './content.ts';
import { refuseReferences } from './draft.ts';
import { after, refusePast, refuseSettled, refuseUnproven } from './ready.ts';

/**
 * Issues an approved notice: its number, its content with the dates that its issue sets, the hash, the ledger entry and the
 * order to deliver it, all in the caller's transaction. The organization is locked before the series of numbers: an
 * organization that is being imported into must not hold up the numbers of all others. What it replaces is locked before
 * both, as by whoever withdraws that: two that wait for each other would be a fault.
 * @throws Problem NOTICE_NOT_READY, NOTICE_FINDINGS where a finding has gone to another organization since, NOTICE_FLAWED
 *   where its date has passed, what it replaces or follows no longer stands, or a finding that it closes came back; NOTICE_FINDINGS_SETTLED where
 *   a finding that it demands is settled since; NOTICE_NUMBER_TAKEN where its number stands on the paper of another office
 */
export async function issueNotice(
  tx: Tx,
  { organizationId, noticeId }: NoticeKey,
  now: Date,
): Promise<{ readonly number: string }> {
  const { kind, state } = found(await lockNotice(tx, noticeId));
  after(state, 'issue');
  const { draft, frozen, approvedBy } = found(await noticeWords(tx, noticeId));
  if (frozen === null || approvedBy === null)
    throw new Error(`notice ${noticeId} is approved, but not frozen`);
  const said = frozen as FrozenContent;
  refusePast(said, now);
  const { replaces, refersTo } = readDraft(draft);
  if (replaces !== null) await lockNotice(tx, replaces);
  await refuseReferences(tx, organizationId, { replaces, refersTo });
  await lockOrganization(tx, organizationId);
  const findingIds = said.findings.map(({ id }) => id);
  refuseUnproven(said, await factsOfAll(tx, organizationId, findingIds));
  await refuseSettled(tx, { organizationId, kind, findingIds, now });
  const at = now.toISOString();
  const dues = await duesOf(tx, said, at);
  const names = await namesOfAccounts(tx, [approvedBy]);
  const set = await findOffice(tx, organizationId);
  const { numbers, timeZone } = set?.office ?? DEFAULT_OFFICE;
  const year = yearIn(timeZone, now);
  const taken = await takeNumber(tx, { organizationId: set?.organizationId ?? null, kind, year });
  const number = noticeNumber(numbers[kind], { year, sequence: taken.sequence });
  if (!(await keepNumber(tx, { ...taken, number }))) throw new Problem('NOTICE_NUMBER_TAKEN', { number });
  const content = contentOf(said, { number, issuedAt: at, approver: names.get(approvedBy) ?? '', dues });
  const { text, sha256 } = sealed(content);
  const key = { organizationId, noticeId };
  await dateFindings(tx, key, content.findings);
  const replaced = await noteIssued(tx, key, { ...taken, number, content: text, contentSha256: sha256, at });
  await writeLedgerRecord(tx, organizationId, {
    kind: 'notice-issued',
    at,
    notice: noticeId,
    paper: kind,
    number,
    contentSha256: sha256,
    replaces: replaced,
  });
  return { number };
}
