import type { Condition, FixDemand, Policy, PolicyRule } from '../policy.ts';
import { LADDER, UNYIELDING } from './ladder.ts';
import { calendarDays, hours } from './terms.ts';

const UPGRADE: FixDemand = { kind: 'upgrade', review: calendarDays(365) };
const within = (days: number): FixDemand => ({ kind: 'within', term: calendarDays(days) });

/** "within 3 days & forensic investigation": the table's words; how long each part may take is said in the directive. */
const TRIAGE: PolicyRule['tasks'] = [
  { id: 'triage-scope', term: hours(2) },
  { id: 'triage-volatile-evidence', term: hours(24) },
  { id: 'triage-decision', term: hours(72) },
];

/** Row by row as the directive's table has them: KEV, publicly exposed, automatable, total technical impact. */
const TABLE: readonly (readonly [kev: 0 | 1, exposed: 0 | 1, automatable: 0 | 1, total: 0 | 1, FixDemand])[] =
  [
    [0, 0, 0, 0, UPGRADE],
    [1, 0, 0, 0, within(14)],
    [0, 1, 0, 0, within(60)],
    [0, 0, 1, 0, within(60)],
    [0, 0, 0, 1, UPGRADE],
    [1, 1, 0, 0, within(14)],
    [1, 0, 1, 0, within(14)],
    [0, 1, 1, 0, within(14)],
    [1, 0, 0, 1, within(14)],
    [0, 1, 0, 1, within(14)],
    [0, 0, 1, 1, within(60)],
    [1, 1, 1, 0, within(3)],
    [1, 1, 0, 1, within(3)],
    [1, 0, 1, 1, within(3)],
    [0, 1, 1, 1, within(3)],
    [1, 1, 1, 1, within(3)],
  ];
const WITH_TRIAGE: readonly number[] = [12, 13, 15];

const ROWS: readonly PolicyRule[] = TABLE.map(([kev, exposed, automatable, total, fix], row) => ({
  id: String(row),
  when: [
    {
      hasCve: true,
      kev: kev === 1,
      exposed: exposed === 1,
      automatable: automatable === 1,
      technicalImpact: total === 1 ? 'total' : 'partial',
    },
  ],
  fix,
  ...(WITH_TRIAGE.includes(row) ? { tasks: TRIAGE } : {}),
}));

const analogy = (id: string, when: Condition, fix: FixDemand): PolicyRule => ({
  id,
  when: [{ hasCve: false, ...when }],
  fix,
  informative: true,
});

/**
 * What has no CVE is outside of the directive. A password to guess is like a CVE that is automatable with total impact,
 * a high or critical grade like total impact, any other like partial impact.
 */
const BY_ANALOGY: readonly PolicyRule[] = [
  analogy('as-14', { class: ['weak-credential'], exposed: true }, within(3)),
  analogy('as-10', { class: ['weak-credential'] }, within(60)),
  analogy('as-9', { grade: ['high', 'critical'], exposed: true }, within(14)),
  analogy('as-2', { grade: ['low', 'medium'], exposed: true }, within(60)),
  analogy('as-4', { grade: ['high', 'critical'] }, UPGRADE),
  analogy('as-0', { grade: ['low', 'medium'] }, UPGRADE),
];

export const BOD_26_04: Policy = {
  code: 'cisa-bod-26-04',
  title: {
    zh: '美国CISA BOD 26-04（基于风险的安全更新）',
    en: 'CISA BOD 26-04: security updates based on risk',
  },
  source: {
    zh:
      '美国网络安全和基础设施安全局（CISA）BOD 26-04决策表v1.0.0，现行有效。时限自列入KEV目录与在资产上发现二者中较早者起算，按日历日。' +
      '未声明是否暴露于互联网的资产按暴露处理；缺少数据的CVE按“不可自动化、影响为全部”处理。' +
      '无CVE编号的问题不在该指令范围内，仅作类比，供参考；“随升级修复”的365天复核期由本平台设定。',
    en:
      'Decision table v1.0.0 of BOD 26-04 by the Cybersecurity and Infrastructure Security Agency (CISA), in force. ' +
      'Calendar days from the earlier of the KEV listing and the detection on the asset. An asset whose exposure nobody ' +
      'declared counts as exposed; a CVE without data as not automatable with total impact. Findings without a CVE are ' +
      'outside of the directive and follow it by analogy, for information only; the review of "fix on system upgrade" ' +
      'after 365 days is ours.',
  },
  clockStart: 'earlier-of-kev-and-detected',
  timeZone: 'America/New_York',
  calendar: 'us-federal',
  unknownExposure: true,
  unknownAutomatable: false,
  unknownTechnicalImpact: 'total',
  rules: [...ROWS, ...BY_ANALOGY],
  ...UNYIELDING,
  escalation: LADDER,
};
