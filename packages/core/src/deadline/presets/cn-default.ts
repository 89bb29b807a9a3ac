import type { FindingClass } from '../../score/finding-class.ts';
import type { ChineseGrade } from '../../score/grade.ts';
import type { Condition, Policy, PolicyRule, Term } from '../policy.ts';
import { LADDER, PAUSING } from './ladder.ts';
import { hours, months, workingDays } from './terms.ts';

/** The kinds of finding that the table has a line for; all of them have a grade, else they are no weakness. */
interface Line {
  readonly id: string;
  readonly grade?: ChineseGrade;
  readonly class?: readonly FindingClass[];
  readonly acknowledge: Term;
  readonly interim?: Term;
  readonly fix: Term;
  readonly retest?: Term;
  /** Exposed to the internet, known to be exploited, critical infrastructure, or level 3 and above. */
  readonly pressing?: Term;
  /** While it is on a key list of a guarantee period. */
  readonly guarantee?: { readonly fix: Term; readonly interim?: Term };
}

/** Domain section 6.5, its lines in the order in which they are looked at: what a finding is comes before its grade. */
const LINES: readonly Line[] = [
  {
    id: 'credential',
    class: ['weak-credential', 'exposed-service'],
    acknowledge: hours(2),
    interim: hours(4),
    fix: workingDays(1),
    retest: workingDays(1),
    pressing: hours(8),
    guarantee: { fix: hours(4) },
  },
  {
    id: 'end-of-support',
    class: ['end-of-support'],
    acknowledge: workingDays(2),
    interim: workingDays(10),
    fix: months(6),
    pressing: months(3),
    // isolated at once; what replaces it may take as long as ever
    guarantee: { fix: months(3), interim: hours(12) },
  },
  {
    id: 'process',
    class: ['process-gap'],
    acknowledge: workingDays(2),
    fix: workingDays(30),
    pressing: workingDays(20),
  },
  {
    id: 'critical',
    grade: 'critical',
    acknowledge: hours(2),
    interim: hours(24),
    fix: workingDays(3),
    retest: workingDays(1),
    pressing: hours(24),
    guarantee: { fix: hours(12), interim: hours(2) },
  },
  {
    id: 'high',
    grade: 'high',
    acknowledge: hours(4),
    interim: hours(48),
    fix: workingDays(5),
    retest: workingDays(2),
    pressing: workingDays(3),
    guarantee: { fix: hours(24), interim: hours(24) },
  },
  {
    id: 'medium',
    grade: 'medium',
    acknowledge: workingDays(1),
    fix: workingDays(15),
    retest: workingDays(3),
    pressing: workingDays(10),
    guarantee: { fix: workingDays(5) },
  },
  // of low grade nothing is asked for within a guarantee period: its usual term goes on
  {
    id: 'low',
    grade: 'low',
    acknowledge: workingDays(2),
    fix: workingDays(30),
    retest: workingDays(5),
    pressing: workingDays(20),
  },
];

/** `protection` among the purposes of key lists. */
const GUARANTEE: Condition = { keyList: ['protection'] };
const PRESSING: readonly Condition[] = [
  { exposed: true },
  { kev: true },
  { criticalInfrastructure: true },
  { levelFrom: 3 },
];

function rulesOf(line: Line): PolicyRule[] {
  const { id, acknowledge, interim, retest, pressing, guarantee } = line;
  const is: Condition = {
    grade: line.grade === undefined ? ['low', 'medium', 'high', 'critical'] : [line.grade],
    ...(line.class === undefined ? {} : { class: line.class }),
  };
  const rule = (suffix: string, when: readonly Condition[], fix: Term, sooner = interim): PolicyRule => ({
    id: `${id}${suffix}`,
    when: when.map((condition) => ({ ...is, ...condition })),
    fix: { kind: 'within', term: fix },
    acknowledge,
    ...(sooner === undefined ? {} : { interim: sooner }),
    ...(retest === undefined ? {} : { retest }),
  });
  return [
    ...(guarantee === undefined ? [] : [rule('-guarantee', [GUARANTEE], guarantee.fix, guarantee.interim)]),
    ...(pressing === undefined ? [] : [rule('-pressing', PRESSING, pressing)]),
    rule('', [{}], line.fix),
  ];
}

export const CN_DEFAULT: Policy = {
  code: 'cn-default',
  title: { zh: '平台默认（中国）', en: 'Platform default for China' },
  source: {
    zh:
      '平台默认，非国家规定，第1版，可用。未发现规定“等级—天数”对应关系的国家标准；问题等级依据GB/T 30279-2020。' +
      '除注明小时外按工作日计，自首份列明该问题的通知书签发时起算。',
    en:
      'Platform default, not a national rule; version 1, in use. No national standard was found that ties grades to ' +
      'days; the grades are those of GB/T 30279-2020. In working days except where hours are named, from the issue of ' +
      'the first notice.',
  },
  clockStart: 'notified',
  timeZone: 'Asia/Shanghai',
  calendar: 'cn',
  unknownExposure: false,
  unknownAutomatable: false,
  unknownTechnicalImpact: 'total',
  rules: LINES.flatMap(rulesOf),
  ...PAUSING,
  escalation: LADDER,
};
