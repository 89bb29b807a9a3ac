import type { ChineseGrade } from '../../score/grade.ts';
import type { Policy, PolicyRule } from '../policy.ts';
import { LADDER, PAUSING } from './ladder.ts';
import { calendarDays } from './terms.ts';

const rule = (grade: ChineseGrade, days: number): PolicyRule => ({
  id: grade,
  when: [{ grade: [grade] }],
  fix: { kind: 'within', term: calendarDays(days) },
});

export const GROUP_30_60_90: Policy = {
  code: 'group-30-60-90',
  title: { zh: '集团15/30/60/90日', en: 'Group: 15, 30, 60, 90 days' },
  source: {
    zh: '平台预设，第1版，可用；为企业集团常见做法，非任何机构的规定。超危15日、高危30日、中危60日、低危90日，按日历日自发现起算。',
    en: 'Default of the platform, version 1, in use; common in groups of companies and nobody’s rule. Critical 15 calendar days, high 30, medium 60, low 90, from detection.',
  },
  clockStart: 'detected',
  timeZone: 'UTC',
  calendar: 'eu-none',
  unknownExposure: false,
  unknownAutomatable: false,
  unknownTechnicalImpact: 'total',
  rules: [rule('critical', 15), rule('high', 30), rule('medium', 60), rule('low', 90)],
  ...PAUSING,
  escalation: LADDER,
};
