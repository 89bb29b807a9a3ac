import type { Policy } from '../policy.ts';
import { LADDER, PAUSING } from './ladder.ts';
import { calendarDays, hours } from './terms.ts';

export const EU_NIS2_STYLE: Policy = {
  code: 'eu-nis2-style',
  title: { zh: '欧盟NIS2风格', en: 'In the style of EU NIS2' },
  source: {
    zh: '平台预设，第1版，可用；非法规规定：《NIS2指令》（(EU) 2022/2555）要求处置漏洞，但未规定天数。暴露于互联网的超危72小时，其余超危及高危14日，中危60日，低危180日，按日历日自发现起算。',
    en: 'Default of the platform, version 1, in use; no legal rule: Directive (EU) 2022/2555 asks for the handling of vulnerabilities and names no days. Critical and exposed 72 hours, any other critical and high 14 calendar days, medium 60, low 180, from detection.',
  },
  clockStart: 'detected',
  timeZone: 'Europe/Brussels',
  calendar: 'eu-none',
  unknownExposure: false,
  unknownAutomatable: false,
  unknownTechnicalImpact: 'total',
  rules: [
    {
      id: 'critical-exposed',
      when: [{ grade: ['critical'], exposed: true }],
      fix: { kind: 'within', term: hours(72) },
    },
    { id: 'high', when: [{ grade: ['critical', 'high'] }], fix: { kind: 'within', term: calendarDays(14) } },
    { id: 'medium', when: [{ grade: ['medium'] }], fix: { kind: 'within', term: calendarDays(60) } },
    { id: 'low', when: [{ grade: ['low'] }], fix: { kind: 'within', term: calendarDays(180) } },
  ],
  ...PAUSING,
  escalation: LADDER,
};
