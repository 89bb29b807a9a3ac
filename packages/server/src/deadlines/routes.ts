import { ById, FindingDeadline } from '@backcheck/contract';
import type { Instant } from '@backcheck/core';
import {
  type DeterminationRow,
  deadlineFacts,
  type FactsWanted,
  type FindingFacts,
  feedsInUse,
  findFinding,
  findPolicy,
  inTransaction,
  listDeterminations,
  presentDue,
  provenAt,
  replyEvents,
  type Tx,
} from '@backcheck/db';
import { found } from '../organizations/refusal.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { storePresets } from './presets.ts';
import { viewFeeds, viewHistory, viewPresent } from './view.ts';

export function deadlineRoutes(app: App, parts: Parts): void {
  const { clock, widePool } = parts;
  // A server starts without its database, too; then the first determination stores them.
  app.addHook('onReady', () =>
    storePresets(parts).catch((error: unknown) =>
      parts.log.warn(
        { err: error },
        'the deadline policies that come with the product could not be stored yet',
      ),
    ),
  );
  app.get(
    '/findings/:id/deadline',
    {
      config: { access: { object: 'finding', action: 'read' }, audited: true },
      schema: {
        tags: ['Deadlines'],
        summary:
          'Until when a finding is to be fixed, how pressing it is, and why; with all that was said before',
        params: ById,
        response: { 200: FindingDeadline, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      return request.inScope(async (tx) => {
        const finding = found(await findFinding(tx, id));
        request.audit.organizationId = Number(finding.organization.id);
        const rows = await listDeterminations(tx, id);
        const [last] = rows;
        const policyId = last?.policy?.id ?? null;
        const policy = policyId === null ? null : await findPolicy(tx, policyId);
        const due = (await presentDue(tx, [id])).get(id);
        const organizationId = Number(finding.organization.id);
        const at = clock().toISOString();
        // who sees the finding sees what its date was made from, also by papers and lists that are not theirs to open
        const now = await inTransaction(widePool, (wide) =>
          factsOf(wide, { organizationId, findingIds: [id], now: at }),
        );
        const isOpen = last !== undefined && due !== undefined && now !== null;
        return {
          present: isOpen ? viewPresent(last, policy, { now, at }) : null,
          done: await doneOf(tx, id, { last, now }),
          provenAt: await provenAt(tx, finding.certificateId),
          turn: due?.turn ?? null,
          feeds: viewFeeds(await feedsInUse(tx)),
          history: rows.map(viewHistory),
        };
      });
    },
  );
}

/** What the organization did for the dates beside the last one, as far as the caller sees it. */
async function doneOf(
  tx: Tx,
  id: string,
  { last, now }: { readonly last: DeterminationRow | undefined; readonly now: FindingFacts | null },
): Promise<FindingDeadline['done']> {
  const events = last === undefined ? [] : await replyEvents(tx, id);
  const inCycle = events.filter(({ at }) => last !== undefined && at >= last.cycleStart);
  const first = (kind: 'interim' | 'plan', state: 'made' | 'verified'): Instant | null => {
    const ended = new Set(inCycle.filter((one) => one.kind === 'reply-ended').map(({ reply }) => reply?.id));
    const such = inCycle.filter(({ reply }) => reply?.kind === kind && !ended.has(reply.id));
    const ids = new Set(such.filter(({ reply }) => reply?.state === state).map(({ reply }) => reply?.id));
    const filed = such.filter((one) => one.kind === 'reply' && ids.has(one.reply?.id)).map(({ at }) => at);
    return filed.sort()[0] ?? null;
  };
  return {
    acknowledged: (now?.facts ?? last?.facts.deadline)?.acknowledgedAt ?? null,
    interim: first('interim', 'verified'),
    plan: first('plan', 'made'),
  };
}

async function factsOf(tx: Tx, wanted: FactsWanted): Promise<FindingFacts | null> {
  for await (const [one] of deadlineFacts(tx, wanted)) return one ?? null;
  return null;
}
