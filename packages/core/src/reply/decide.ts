import { roleMay } from '../access/matrix.ts';
import { type Role, sideOf } from '../access/roles.ts';
import { needsSecondPair } from '../access/separation.ts';
import type { Severity } from '../observe/record.ts';
import type { ObjectionGround, ReplyKind, ReplyStep } from './vocabulary.ts';

/** What a person of the coordinator does with a reply; the rest is the organization's or the clock's. */
export type Judgement = Exclude<ReplyStep, 'sign' | 'withdraw' | 'expire'>;

/** Who had a part in a reply, by account. */
export interface ReplyPeople {
  readonly madeBy: number;
  /** The owner of a risk, who signed for it. */
  readonly signedBy: number | null;
  /** Who brought in the scans that found what the reply is about. */
  readonly finders: readonly number[];
  readonly opinionBy: number | null;
}

export interface Judge {
  readonly account: number;
  /** Held at the organization of the reply, and at no other. */
  readonly roles: readonly Role[];
}

/**
 * Why somebody may not judge a reply. `INSPECTED`: they are of the inspected side there. `OWN`: they made or signed it.
 * `LEAD`: only the lead decides this. `FINDER`: they found it. `OPINION_FIRST`: nobody has given an opinion yet.
 * `SECOND_PERSON`: the opinion was theirs.
 */
export type JudgementFlaw = 'INSPECTED' | 'OWN' | 'LEAD' | 'FINDER' | 'OPINION_FIRST' | 'SECOND_PERSON';

/** About a wish: more time or a risk to bear. Nobody but the lead may give either away. */
const LEADS_ONLY: readonly ReplyKind[] = ['extension', 'acceptance'];
/** About facts, which their finder does not judge. */
const FACTS: readonly ReplyKind[] = ['objection', 'false-positive'];

export interface ReplyMatter {
  readonly kind: ReplyKind;
  /** Of an objection. */
  readonly ground: ObjectionGround | null;
  /** Of the worst finding. */
  readonly severity: Severity;
  readonly people: ReplyPeople;
}

/** Null: they may. Whether the reply waits for such a step is asked elsewhere (`replyAfter`). */
export function mayJudgeReply(
  step: Judgement,
  { kind, ground, severity, people }: ReplyMatter,
  { account, roles }: Judge,
): JudgementFlaw | null {
  if (roles.some((role) => sideOf(role) === 'organization' && roleMay(role, CREATE))) return 'INSPECTED';
  if (account === people.madeBy || account === people.signedBy) return 'OWN';
  const judging = roles.filter((role) => roleMay(role, APPROVE));
  if (judging.length === 0) return 'LEAD';
  if (needsLead(step, kind, severity) && !judging.includes('coordinator-lead')) return 'LEAD';
  if (step === 'verify' || step === 'revoke') return null;
  if (FACTS.includes(kind) && people.finders.includes(account) && isForOthers(kind, severity))
    return 'FINDER';
  if (step === 'opine') return null;
  if (account === people.opinionBy) return 'SECOND_PERSON';
  // both say that the tool is wrong, and lay the same over the finding
  const second = (kind === 'false-positive' || ground === 'fact') && needsSecondPair(severity);
  return step === 'grant' && second && people.opinionBy === null ? 'OPINION_FIRST' : null;
}

const CREATE = { object: 'reply', action: 'create' } as const;
const APPROVE = { object: 'reply', action: 'approve' } as const;

function needsLead(step: Judgement, kind: ReplyKind, severity: Severity): boolean {
  if (step === 'opine' || step === 'verify') return false;
  return LEADS_ONLY.includes(kind) || (FACTS.includes(kind) && needsSecondPair(severity));
}

/** An objection always; a false positive where finder, verifier and approver have to be three people. */
const isForOthers = (kind: ReplyKind, severity: Severity): boolean =>
  kind === 'objection' || needsSecondPair(severity);
