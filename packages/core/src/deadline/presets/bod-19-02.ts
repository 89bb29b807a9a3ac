import type { Policy, PolicyRule } from '../policy.ts';
import { UNYIELDING } from './ladder.ts';
import { calendarDays, workingDays } from './terms.ts';

/** Only what faces the internet; the terms of medium and low are not the directive's. */
export const BOD_19_02_RULES: readonly PolicyRule[] = [
  {
    id: 'critical',
    when: [{ grade: ['critical'], exposed: true }],
    fix: { kind: 'within', term: calendarDays(15) },
  },
  { id: 'high', when: [{ grade: ['high'], exposed: true }], fix: { kind: 'within', term: calendarDays(30) } },
  {
    id: 'medium',
    when: [{ grade: ['medium'], exposed: true }],
    fix: { kind: 'within', term: calendarDays(90) },
    informative: true,
  },
  {
    id: 'low',
    when: [{ grade: ['low'], exposed: true }],
    fix: { kind: 'within', term: calendarDays(180) },
    informative: true,
  },
];

/** Whoever is overdue gets a remediation plan to fill in, and returns it within three working days. */
export const PLAN_WHEN_OVERDUE: Policy['escalation'] = [
  { step: 'overdue', at: { after: null } },
  { step: 'reminder', at: { after: null } },
  { step: 'supervision', at: { after: workingDays(3) } },
];

export const BOD_19_02: Policy = {
  code: 'bod-19-02',
  title: { zh: '美国CISA BOD 19-02（历史）', en: 'CISA BOD 19-02 (historical)' },
  source: {
    zh:
      '美国CISA BOD 19-02（2019年），已于2026-06-10撤销，仅供对照历史数据。只涉及面向互联网的系统，自首次发现起按日历日计：' +
      '超危15日、高危30日；逾期须在3个工作日内提交整改计划。中危90日、低危180日非该指令规定，仅供参考。',
    en:
      'CISA BOD 19-02 of 2019, revoked on 2026-06-10, for comparison with old records only. Internet-facing systems ' +
      'only, in calendar days from first detection: critical 15, high 30; whoever is overdue returns a remediation plan ' +
      'within 3 working days. Medium 90 and low 180 are not in the directive and are for information only.',
  },
  clockStart: 'detected',
  timeZone: 'America/New_York',
  calendar: 'us-federal',
  unknownExposure: false,
  unknownAutomatable: false,
  unknownTechnicalImpact: 'total',
  rules: BOD_19_02_RULES,
  ...UNYIELDING,
  escalation: PLAN_WHEN_OVERDUE,
};
