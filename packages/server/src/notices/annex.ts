import type { NoticeContent } from '@backcheck/core';
import { findExplanations, type NoticeFindingFacts, type Tx } from '@backcheck/db';
import { cutTo } from '../findings/cut.ts';

type Annex = NonNullable<NoticeContent['annex']>;

/** Checks that one paper explains. */
const MOST = 50;
/** Of each text, in characters. */
const LONGEST = 2000;

/** What tools say of the checks of these findings, in their order and each once; null where no tool says anything. */
export async function annexOf(tx: Tx, findings: readonly NoticeFindingFacts[]): Promise<Annex | null> {
  // within an organization the findings of one check are explained alike
  const byCheck = new Map(findings.map(({ check, id }) => [check, id]));
  const said = await findExplanations(tx, [...byCheck.values()]);
  const all = [...byCheck].flatMap(([check, id]) => {
    const one = said.get(id);
    if (one === undefined) return [];
    const { description, harm, advice } = one;
    return [
      {
        check,
        description: cutTo(LONGEST, description),
        harm: cutTo(LONGEST, harm),
        advice: cutTo(LONGEST, advice),
      },
    ];
  });
  if (all.length === 0) return null;
  return { explanations: all.slice(0, MOST), more: Math.max(0, all.length - MOST) };
}

/** Of a content the part that speaks of these findings: whoever sees a system reads of its checks alone. */
export function onlyOf(content: NoticeContent, findingIds: ReadonlySet<string>): NoticeContent {
  const findings = content.findings.filter(({ id }) => findingIds.has(id));
  if (content.annex === undefined) return { ...content, findings };
  const checks = new Set(findings.map(({ check }) => check));
  const explanations = content.annex.explanations.filter(({ check }) => checks.has(check));
  return { ...content, findings, annex: { explanations, more: 0 } };
}
