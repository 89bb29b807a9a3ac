import type { FixCause, MakeReply } from '@backcheck/contract';
import type {
  ChineseGrade,
  DelayReason,
  FalsePositiveReason,
  ObjectionGround,
  ReplyKind,
} from '@backcheck/core';
import type { z } from 'zod';

/** What a plan says where there is something to say. */
export const PLAN_WORDS = ['interim', 'resources', 'risk', 'rollback'] as const;

/** Everything that any kind asks for; what a kind does not ask for is not sent. */
export interface ReplyDraft {
  readonly ground: ObjectionGround | null;
  readonly grade: ChineseGrade | null;
  readonly delay: DelayReason | null;
  readonly wrong: FalsePositiveReason | null;
  readonly cause: FixCause | null;
  readonly interim: string;
  readonly resources: string;
  readonly risk: string;
  readonly rollback: string;
  readonly responsible: string;
  readonly control: string;
  readonly text: string;
  readonly until: string | null;
}

export const EMPTY_REPLY: ReplyDraft = {
  ground: null,
  grade: null,
  delay: null,
  wrong: null,
  cause: null,
  interim: '',
  resources: '',
  risk: '',
  rollback: '',
  responsible: '',
  control: '',
  text: '',
  until: null,
};

/** Whether this one names a date. */
export const hasUntil = (kind: ReplyKind, { ground }: Pick<ReplyDraft, 'ground'>): boolean =>
  kind === 'objection' ? ground === 'deadline' : kind !== 'interim';

/** Ids of the fields that are missing, in the order of the form. */
export function missingOf(kind: ReplyKind, draft: ReplyDraft): string[] {
  const { ground, grade, delay, wrong } = draft;
  return [
    { id: 'reply-ground', missing: kind === 'objection' && ground === null },
    { id: 'reply-grade', missing: kind === 'objection' && ground === 'grade' && grade === null },
    {
      id: 'reply-reason',
      missing: (kind === 'extension' && delay === null) || (kind === 'false-positive' && wrong === null),
    },
    { id: 'reply-text', missing: draft.text.trim() === '' },
    { id: 'reply-control', missing: kind === 'acceptance' && draft.control.trim() === '' },
    { id: 'reply-responsible', missing: kind === 'plan' && draft.responsible.trim() === '' },
    { id: 'reply-until', missing: hasUntil(kind, draft) && draft.until === null },
  ].flatMap(({ id, missing }) => (missing ? [id] : []));
}

interface About {
  readonly findingIds: string[];
  readonly uploadIds: string[];
}

/**
 * Of a draft in which nothing is missing.
 * @throws Error when something is: the form asks for it first.
 */
export function replyOf(kind: ReplyKind, draft: ReplyDraft, about: About): z.input<typeof MakeReply> {
  const { text, ground, grade, responsible, control } = draft;
  const until = draft.until ?? '';
  const common = { ...about, text };
  switch (kind) {
    case 'objection':
      return {
        kind,
        ...common,
        ground: chosen(ground),
        ...(ground === 'grade' ? { grade: chosen(grade) } : {}),
        ...(ground === 'deadline' ? { until } : {}),
      };
    case 'plan':
      return { kind, ...common, ...planOf(draft), responsible, until };
    case 'interim':
      return { kind, ...common };
    case 'extension':
      return { kind, ...common, reason: chosen(draft.delay), until };
    case 'acceptance':
      return { kind, ...common, control, until };
    case 'false-positive':
      return { kind, ...common, reason: chosen(draft.wrong), until };
  }
}

const planOf = (draft: ReplyDraft) => ({
  ...(draft.cause === null ? {} : { cause: draft.cause }),
  ...Object.fromEntries(
    PLAN_WORDS.map((name) => [name, draft[name].trim()] as const).filter(([, words]) => words !== ''),
  ),
});

function chosen<Value>(value: Value | null): Value {
  if (value === null) throw new Error('nothing was chosen');
  return value;
}
