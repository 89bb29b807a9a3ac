import { expect, test } from 'vitest';
import { ROLES, sideOf } from '../access/roles.ts';
import { SEVERITIES } from '../observe/record.ts';
import { type Judgement, mayJudgeReply, type ReplyPeople } from './decide.ts';
import { REPLY_KINDS } from './vocabulary.ts';

const PEOPLE: ReplyPeople = { madeBy: 1, signedBy: null, finders: [3], opinionBy: null };
const LEAD = { account: 10, roles: ['coordinator-lead'] } as const;
const ANALYST = { account: 11, roles: ['finding-analyst'] } as const;

/** Of an objection the ground. */
const MATTERS = {
  fact: { kind: 'objection', ground: 'fact' },
  grade: { kind: 'objection', ground: 'grade' },
  owner: { kind: 'objection', ground: 'owner' },
  deadline: { kind: 'objection', ground: 'deadline' },
  plan: { kind: 'plan', ground: null },
  interim: { kind: 'interim', ground: null },
  extension: { kind: 'extension', ground: null },
  acceptance: { kind: 'acceptance', ground: null },
  'false-positive': { kind: 'false-positive', ground: null },
} as const;

const may = (what: keyof typeof MATTERS, severity: (typeof SEVERITIES)[number], step: Judgement) =>
  [ANALYST, LEAD].map(
    (judge) => mayJudgeReply(step, { ...MATTERS[what], severity, people: PEOPLE }, judge) ?? 'may',
  );

/** Analyst, lead. */
test.each([
  ['fact', 'medium', 'grant', ['may', 'may']],
  ['fact', 'high', 'grant', ['LEAD', 'OPINION_FIRST']],
  ['fact', 'critical', 'grant', ['LEAD', 'OPINION_FIRST']],
  ['fact', 'critical', 'refuse', ['LEAD', 'may']],
  ['fact', 'critical', 'opine', ['may', 'may']],
  ['fact', 'critical', 'revoke', ['LEAD', 'may']],
  ['grade', 'high', 'grant', ['LEAD', 'may']],
  ['owner', 'high', 'grant', ['LEAD', 'may']],
  ['deadline', 'critical', 'grant', ['LEAD', 'may']],
  ['plan', 'critical', 'verify', ['may', 'may']],
  ['interim', 'critical', 'verify', ['may', 'may']],
  ['extension', 'low', 'grant', ['LEAD', 'may']],
  ['extension', 'low', 'refuse', ['LEAD', 'may']],
  ['acceptance', 'info', 'grant', ['LEAD', 'may']],
  ['acceptance', 'info', 'revoke', ['LEAD', 'may']],
  ['false-positive', 'low', 'grant', ['may', 'may']],
  ['false-positive', 'medium', 'revoke', ['may', 'may']],
  ['false-positive', 'high', 'opine', ['may', 'may']],
  ['false-positive', 'high', 'grant', ['LEAD', 'OPINION_FIRST']],
  ['false-positive', 'critical', 'grant', ['LEAD', 'OPINION_FIRST']],
  ['false-positive', 'critical', 'refuse', ['LEAD', 'may']],
] as const)('%s of a %s finding: %s by analyst and lead', (what, severity, step, expected) => {
  expect(may(what, severity, step)).toEqual(expected);
});

const STEPS: readonly Judgement[] = ['opine', 'grant', 'refuse', 'verify', 'revoke'];
const everything = Object.values(MATTERS).flatMap((matter) =>
  SEVERITIES.flatMap((severity) => STEPS.map((step) => ({ matter, severity, step }))),
);

test('every kind is among what is tried here', () => {
  expect(new Set(Object.values(MATTERS).map(({ kind }) => kind))).toEqual(new Set(REPLY_KINDS));
});

test('the side of the organization judges nothing, whatever else somebody is there', () => {
  const inspected = ROLES.filter((role) => sideOf(role) === 'organization' && role !== 'observer');
  for (const { matter, severity, step } of everything)
    for (const role of inspected)
      expect(
        mayJudgeReply(
          step,
          { ...matter, severity, people: PEOPLE },
          { account: 12, roles: [role, 'coordinator-lead'] },
        ),
      ).toBe('INSPECTED');
});

test('only lead and analyst judge at all', () => {
  const others = ROLES.filter((role) => role !== 'coordinator-lead' && role !== 'finding-analyst');
  for (const { matter, severity, step } of everything)
    for (const role of others)
      expect(
        mayJudgeReply(step, { ...matter, severity, people: PEOPLE }, { account: 12, roles: [role] }),
      ).not.toBeNull();
});

test('nobody judges what they made or signed', () => {
  for (const { matter, severity, step } of everything)
    for (const people of [
      { ...PEOPLE, madeBy: 10 },
      { ...PEOPLE, signedBy: 10 },
    ])
      expect(mayJudgeReply(step, { ...matter, severity, people }, LEAD)).toBe('OWN');
});

test('who found it does not decide about an objection, nor about a false positive of a high finding', () => {
  const people = { ...PEOPLE, finders: [3, 10], opinionBy: 4 };
  const lead = (what: 'grade' | 'fact' | 'false-positive', severity: 'low' | 'high') =>
    mayJudgeReply('grant', { ...MATTERS[what], severity, people }, LEAD);
  for (const ground of ['grade', 'fact'] as const)
    expect([lead(ground, 'low'), lead(ground, 'high')]).toEqual(['FINDER', 'FINDER']);
  expect([lead('false-positive', 'low'), lead('false-positive', 'high')]).toEqual([null, 'FINDER']);
  const matter = { ...MATTERS['false-positive'], severity: 'high', people } as const;
  expect(mayJudgeReply('opine', matter, LEAD)).toBe('FINDER');
});

test('opinion and decision are of two people', () => {
  for (const matter of [MATTERS.fact, MATTERS['false-positive']]) {
    const after = (opinionBy: number) =>
      ({ ...matter, severity: 'high', people: { ...PEOPLE, opinionBy } }) as const;
    expect(mayJudgeReply('grant', after(10), LEAD)).toBe('SECOND_PERSON');
    expect(mayJudgeReply('grant', after(11), LEAD)).toBeNull();
  }
});
