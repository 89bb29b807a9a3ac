import { expect, test } from 'vitest';
import { ROLES, sideOf } from '../access/roles.ts';
import { SEVERITIES } from '../observe/record.ts';
import { type Judgement, mayJudgeReply, type ReplyPeople } from './decide.ts';
import { REPLY_KINDS } from './vocabulary.ts';

const PEOPLE: ReplyPeople = { madeBy: 1, signedBy: null, finders: [3], opinionBy: null };
const LEAD = { account: 10, roles: ['coordinator-lead'] } as const;
const ANALYST = { account: 11, roles: ['finding-analyst'] } as const;

const may = (kind: (typeof REPLY_KINDS)[number], severity: (typeof SEVERITIES)[number], step: Judgement) =>
  [ANALYST, LEAD].map((judge) => mayJudgeReply(step, { kind, severity, people: PEOPLE }, judge) ?? 'may');

/** Analyst, lead. */
test.each([
  ['objection', 'medium', 'grant', ['may', 'may']],
  ['objection', 'high', 'grant', ['LEAD', 'may']],
  ['objection', 'critical', 'refuse', ['LEAD', 'may']],
  ['objection', 'critical', 'opine', ['may', 'may']],
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
] as const)('%s of a %s finding: %s by analyst and lead', (kind, severity, step, expected) => {
  expect(may(kind, severity, step)).toEqual(expected);
});

const STEPS: readonly Judgement[] = ['opine', 'grant', 'refuse', 'verify', 'revoke'];
const everything = REPLY_KINDS.flatMap((kind) =>
  SEVERITIES.flatMap((severity) => STEPS.map((step) => ({ kind, severity, step }))),
);

test('the side of the organization judges nothing, whatever else somebody is there', () => {
  const inspected = ROLES.filter((role) => sideOf(role) === 'organization' && role !== 'observer');
  for (const { kind, severity, step } of everything)
    for (const role of inspected)
      expect(
        mayJudgeReply(
          step,
          { kind, severity, people: PEOPLE },
          { account: 12, roles: [role, 'coordinator-lead'] },
        ),
      ).toBe('INSPECTED');
});

test('only lead and analyst judge at all', () => {
  const others = ROLES.filter((role) => role !== 'coordinator-lead' && role !== 'finding-analyst');
  for (const { kind, severity, step } of everything)
    for (const role of others)
      expect(
        mayJudgeReply(step, { kind, severity, people: PEOPLE }, { account: 12, roles: [role] }),
      ).not.toBeNull();
});

test('nobody judges what they made or signed', () => {
  for (const { kind, severity, step } of everything)
    for (const people of [
      { ...PEOPLE, madeBy: 10 },
      { ...PEOPLE, signedBy: 10 },
    ])
      expect(mayJudgeReply(step, { kind, severity, people }, LEAD)).toBe('OWN');
});

test('who found it does not decide about an objection, nor about a false positive of a high finding', () => {
  const people = { ...PEOPLE, finders: [3, 10], opinionBy: 4 };
  const lead = (kind: 'objection' | 'false-positive', severity: 'low' | 'high') =>
    mayJudgeReply('grant', { kind, severity, people }, LEAD);
  expect([lead('objection', 'low'), lead('objection', 'high')]).toEqual(['FINDER', 'FINDER']);
  expect([lead('false-positive', 'low'), lead('false-positive', 'high')]).toEqual([null, 'FINDER']);
  expect(mayJudgeReply('opine', { kind: 'false-positive', severity: 'high', people }, LEAD)).toBe('FINDER');
});

test('opinion and decision are of two people', () => {
  const matter = { kind: 'false-positive', severity: 'high' } as const;
  const after = (opinionBy: number) => ({ ...matter, people: { ...PEOPLE, opinionBy } });
  expect(mayJudgeReply('grant', after(10), LEAD)).toBe('SECOND_PERSON');
  expect(mayJudgeReply('grant', after(11), LEAD)).toBeNull();
});
