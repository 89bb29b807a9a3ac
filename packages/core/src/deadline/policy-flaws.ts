import { isTimeZone } from '../authorize/wall-clock.ts';
import type { Text } from '../observe/text.ts';
import type { WorkingCalendar } from './calendar.ts';
import { termOf } from './determine.ts';
import type { Condition, Policy, PolicyRule, Term } from './policy.ts';

/** What can be wrong with a policy, as people read it. */
export const POLICY_FLAWS = {
  CODE_MALFORMED: {
    zh: '代码只能由小写字母、数字和连字符组成，最长60个字符',
    en: 'A code has lower-case letters, digits and hyphens only, at most 60',
  },
  TEXT_MISSING: { zh: '中文和英文都要填写', en: 'Is needed in Chinese and in English' },
  TIME_ZONE_UNKNOWN: {
    zh: '不是已知的时区，应写成如 Asia/Shanghai 的形式',
    en: 'Is no known time zone; write it like Asia/Shanghai',
  },
  CALENDAR_UNKNOWN: { zh: '没有这个工作日历', en: 'There is no such working calendar' },
  CALENDAR_NEEDED: {
    zh: '按工作日计的时限需要指定工作日历',
    en: 'A term in working days needs a working calendar',
  },
  NO_RULES: { zh: '至少要有一条规则', en: 'Needs at least one rule' },
  ID_MALFORMED: {
    zh: '编号只能由小写字母、数字和连字符组成，最长60个字符',
    en: 'An id has lower-case letters, digits and hyphens only, at most 60',
  },
  ID_REPEATED: { zh: '编号重复', en: 'Is there twice' },
  RULE_UNREACHABLE: {
    zh: '永远不会用到：前面的规则已包含全部情形',
    en: 'Never holds: a rule before it takes all that it could',
  },
  LIST_EMPTY: { zh: '空列表使条件永远不成立', en: 'An empty list makes a condition that never holds' },
  LEVEL_OUT_OF_RANGE: { zh: '等级保护级别应为1至5', en: 'A level is from 1 to 5' },
  YEAR_OUT_OF_RANGE: { zh: '年份应为1999至2100', en: 'A year is from 1999 to 2100' },
  TERM_OUT_OF_RANGE: {
    zh: '时限应为正整数，且不超过十年',
    en: 'A term is a whole number of at least 1, and at most ten years long',
  },
  INTERIM_AFTER_FIX: {
    zh: '临时措施的时限长于整改时限',
    en: 'The interim measure has longer than the fix',
  },
  SHARE_OUT_OF_RANGE: {
    zh: '比例应大于0且小于1',
    en: 'A share is more than 0 and less than 1',
  },
  STEP_REPEATED: { zh: '该步骤重复', en: 'The step is there twice' },
  STEP_OUT_OF_ORDER: { zh: '该步骤早于前一步', en: 'The step comes before the one above it' },
  EXTENSIONS_OUT_OF_RANGE: { zh: '延期次数应为0至10', en: 'Extensions are from 0 to 10' },
} as const satisfies Record<string, Text>;
export type PolicyFlawCode = keyof typeof POLICY_FLAWS;

export interface PolicyFlaw {
  /** A field with the places on the way to it: "rules.3.fix.term", "escalation.0". */
  readonly field: string;
  readonly code: PolicyFlawCode;
  readonly text: Text;
}

/**
 * What has to be put right before a policy can hold, in the order of its fields; empty when nothing has. Unreachable is
 * only said where one rule alone takes everything from a later one; several that do so together are not noticed.
 */
export function flawsOf(
  policy: Policy,
  calendars: readonly Pick<WorkingCalendar, 'code'>[] = [],
): PolicyFlaw[] {
  const { rules, escalation, extension, calendar } = policy;
  const known = calendar === null || calendars.some(({ code }) => code === calendar);
  const { most } = extension;
  return [
    ...flaw('code', isCode(policy.code) ? null : 'CODE_MALFORMED'),
    ...flaw('title', isWritten(policy.title) ? null : 'TEXT_MISSING'),
    ...flaw('source', isWritten(policy.source) ? null : 'TEXT_MISSING'),
    ...flaw('timeZone', isTimeZone(policy.timeZone) ? null : 'TIME_ZONE_UNKNOWN'),
    ...flaw('calendar', known ? null : 'CALENDAR_UNKNOWN'),
    ...flaw('rules', rules.length === 0 ? 'NO_RULES' : null),
    ...rules.flatMap((rule, index) => ruleFlaws(rule, { policy, field: `rules.${index}`, index })),
    ...flaw('extension.most', isWhole(most, 0, 10) ? null : 'EXTENSIONS_OUT_OF_RANGE'),
    ...escalation.flatMap((_, index) => stepFlaws(policy, index)),
  ];
}

function flaw(field: string, code: PolicyFlawCode | null): PolicyFlaw[] {
  return code === null ? [] : [{ field, code, text: POLICY_FLAWS[code] }];
}

const isCode = (code: string): boolean => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(code) && code.length <= 60;
const isWritten = ({ zh, en }: Text): boolean => zh.trim() !== '' && en.trim() !== '';
const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

interface Place {
  readonly policy: Policy;
  readonly field: string;
  readonly index: number;
}

function ruleFlaws(rule: PolicyRule, { policy, field, index }: Place): PolicyFlaw[] {
  const before = policy.rules.slice(0, index);
  const terms: readonly (readonly [string, Term | undefined])[] = [
    [rule.fix.kind === 'within' ? 'fix.term' : `fix.${otherTerm(rule.fix.kind)}`, termOf(rule)],
    ['acknowledge', rule.acknowledge],
    ['interim', rule.interim],
    ['plan', rule.plan],
    ['retest', rule.retest],
    ...(rule.tasks ?? []).map(({ term }, task) => [`tasks.${task}.term`, term] as const),
  ];
  return [
    ...flaw(`${field}.id`, isCode(rule.id) ? null : 'ID_MALFORMED'),
    ...flaw(`${field}.id`, before.some(({ id }) => id === rule.id) ? 'ID_REPEATED' : null),
    ...flaw(field, isUnreachable(rule, before) ? 'RULE_UNREACHABLE' : null),
    ...rule.when.flatMap((condition, place) => conditionFlaws(condition, `${field}.when.${place}`)),
    ...terms.flatMap(([name, term]) => flaw(`${field}.${name}`, termFlaw(term, policy))),
    ...flaw(`${field}.interim`, isLonger(rule.interim, termOf(rule)) ? 'INTERIM_AFTER_FIX' : null),
    ...(rule.tasks ?? []).flatMap(({ id }, task, tasks) =>
      flaw(
        `${field}.tasks.${task}.id`,
        tasks.findIndex((other) => other.id === id) < task ? 'ID_REPEATED' : null,
      ),
    ),
  ];
}

const otherTerm = (kind: 'upgrade' | 'kev-due-date'): string => (kind === 'upgrade' ? 'review' : 'otherwise');

function conditionFlaws(condition: Condition, field: string): PolicyFlaw[] {
  const { levelFrom, cveYearFrom } = condition;
  return [
    ...(['grade', 'class', 'keyList'] as const).flatMap((name) =>
      flaw(`${field}.${name}`, condition[name]?.length === 0 ? 'LIST_EMPTY' : null),
    ),
    ...flaw(
      `${field}.levelFrom`,
      levelFrom === undefined || isWhole(levelFrom, 1, 5) ? null : 'LEVEL_OUT_OF_RANGE',
    ),
    ...flaw(
      `${field}.cveYearFrom`,
      cveYearFrom === undefined || isWhole(cveYearFrom, 1999, 2100) ? null : 'YEAR_OUT_OF_RANGE',
    ),
  ];
}

/** Ten years of each. */
const LONGEST: Readonly<Record<Term['unit'], number>> = {
  hours: 87_600,
  'calendar-days': 3650,
  'working-days': 2600,
  months: 120,
};

function termFlaw(term: Term | undefined, { calendar }: Pick<Policy, 'calendar'>): PolicyFlawCode | null {
  if (term === undefined) return null;
  if (!isWhole(term.amount, 1, LONGEST[term.unit])) return 'TERM_OUT_OF_RANGE';
  return term.unit === 'working-days' && calendar === null ? 'CALENDAR_NEEDED' : null;
}

/** Only what has the same unit can be compared without a start. */
function isLonger(term: Term | undefined, than: Term): boolean {
  return term !== undefined && term.unit === than.unit && term.amount > than.amount;
}

function isUnreachable(rule: PolicyRule, before: readonly PolicyRule[]): boolean {
  if (before.some(({ when }) => when.length === 0)) return true;
  const earlier = before.flatMap(({ when }) => when);
  const wanted: readonly Condition[] = rule.when.length === 0 ? [{}] : rule.when;
  return wanted.every((condition) => earlier.some((wider) => includes(wider, condition)));
}

/** Whatever the narrower condition holds for, the wider one holds for. */
function includes(wider: Condition, narrower: Condition): boolean {
  return (
    (['grade', 'class', 'keyList'] as const).every((name) => {
      const [all, some] = [wider[name], narrower[name]];
      return all === undefined || some?.every((one) => all.some((other) => other === one));
    }) &&
    (['levelFrom', 'cveYearFrom'] as const).every((name) => {
      const [least, atLeast] = [wider[name], narrower[name]];
      return least === undefined || (atLeast !== undefined && atLeast >= least);
    }) &&
    (['kev', 'exposed', 'automatable', 'technicalImpact', 'criticalInfrastructure', 'hasCve'] as const).every(
      (name) => wider[name] === undefined || wider[name] === narrower[name],
    )
  );
}

function stepFlaws({ escalation, calendar }: Policy, index: number): PolicyFlaw[] {
  const [rung, previous] = [escalation[index], escalation[index - 1]];
  if (rung === undefined) return [];
  const { step, at } = rung;
  const field = `escalation.${index}`;
  const term = 'share' in at ? null : at.after;
  const isShare = !('share' in at) || (at.share > 0 && at.share < 1);
  const repeated = escalation.findIndex((other) => other.step === step) < index;
  return [
    ...flaw(field, repeated ? 'STEP_REPEATED' : null),
    ...flaw(field, isShare ? null : 'SHARE_OUT_OF_RANGE'),
    ...flaw(field, term === null ? null : termFlaw(term, { calendar })),
    ...flaw(field, previous !== undefined && isEarlier(at, previous.at) ? 'STEP_OUT_OF_ORDER' : null),
  ];
}

type At = Policy['escalation'][number]['at'];

function isEarlier(at: At, than: At): boolean {
  if ('share' in at) return !('share' in than) || at.share < than.share;
  if ('share' in than || than.after === null) return false;
  return at.after === null || isLonger(than.after, at.after);
}
