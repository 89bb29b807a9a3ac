import type {
  ClockStart,
  Condition,
  Determination,
  FindingClass,
  FixDemand,
  Pause,
  PolicyRule,
  Term,
  TermUnit,
} from '@backcheck/core';
import type { DeterminationCause } from './deadlines.ts';
import { KEY_LIST_PURPOSES } from './key-lists.ts';
import { CHINESE_GRADE_LABELS, FINDING_CLASS_LABELS } from './score-labels.ts';
import type { Text } from './text.ts';

export const CLOCK_START_LABELS = {
  detected: {
    zh: '自首次发现（复发的自再次发现）起算',
    en: 'From detection, or from when it was seen again',
  },
  notified: {
    zh: '自首份列明该问题的通知书签发起算',
    en: 'From the issue of the first notice that names it',
  },
  acknowledged: { zh: '自通知书签收起算', en: 'From the receipt of the notice' },
  'kev-listed': {
    zh: '自列入已知被利用漏洞目录（KEV）起算，晚发现的自发现起算',
    en: 'From the listing in KEV, or from detection where that is later',
  },
  'earlier-of-kev-and-detected': {
    zh: '自列入 KEV 或首次发现起算，以先到者为准',
    en: 'From the listing in KEV or from detection, whichever is earlier',
  },
} as const satisfies Record<ClockStart, Text>;

export const PAUSE_LABELS = {
  retest: { zh: '等待复测', en: 'waiting for a retest' },
  objection: { zh: '异议处理中', en: 'an objection is open' },
} as const satisfies Record<Pause, Text>;

export const DEMAND_LABELS = {
  fix: { zh: '完成整改', en: 'Fix it' },
  upgrade: { zh: '下次升级时一并修复；到期复核', en: 'Fix it with the next upgrade; reviewed on this date' },
  mitigate: { zh: '尚无补丁：采取缓解措施或断开网络', en: 'No fix exists yet: mitigate or disconnect it' },
} as const satisfies Record<Determination['demand'], Text>;

export const DETERMINATION_CAUSE_LABELS = {
  first: { zh: '首次确定', en: 'Determined first' },
  facts: { zh: '事实有变化', en: 'The facts changed' },
  policy: { zh: '适用的期限规则有变化', en: 'Another policy holds' },
  calendar: { zh: '工作日历有新版本', en: 'The working calendar has a new version' },
  extension: { zh: '延期申请获准', en: 'An extension was granted' },
  pause: { zh: '计时暂停或恢复', en: 'The clock stopped or went on' },
  regressed: { zh: '问题复发，重新计时', en: 'It came back: a new cycle began' },
  closed: {
    zh: '不再计时（已销号或已并入其他问题）',
    en: 'No longer due: proven gone, or part of another finding',
  },
} as const satisfies Record<DeterminationCause, Text>;

export const TURN_LABELS = {
  us: { zh: '待检查方处理', en: 'Waiting for the coordinator' },
  them: { zh: '待单位整改', en: 'Waiting for the organization' },
} as const satisfies Record<'us' | 'them', Text>;

export const DUE_FILTER_LABELS = {
  overdue: { zh: '已逾期', en: 'Overdue' },
  '7d': { zh: '7 天内到期', en: 'Due within 7 days' },
} as const satisfies Record<'overdue' | '7d', Text>;

const UNITS: Readonly<
  Record<TermUnit, { readonly zh: string; readonly one: string; readonly other: string }>
> = {
  hours: { zh: '小时', one: 'hour', other: 'hours' },
  'calendar-days': { zh: '天', one: 'day', other: 'days' },
  'working-days': { zh: '个工作日', one: 'working day', other: 'working days' },
  months: { zh: '个月', one: 'month', other: 'months' },
};

export const TERM_UNIT_LABELS: Readonly<Record<TermUnit, Text>> = {
  hours: { zh: '小时', en: 'hours' },
  'calendar-days': { zh: '自然日', en: 'calendar days' },
  'working-days': { zh: '工作日', en: 'working days' },
  months: { zh: '月', en: 'months' },
};

/** "3 个工作日", "3 working days" */
export function termText({ amount, unit }: Term): Text {
  const { zh, one, other } = UNITS[unit];
  return { zh: `${amount} ${zh}`, en: `${amount} ${amount === 1 ? one : other}` };
}

/** What is asked until the date, in a few words. */
export function fixText(fix: FixDemand): Text {
  if (fix.kind === 'within') return termText(fix.term);
  const { zh, en } = termText(fix.kind === 'upgrade' ? fix.review : fix.otherwise);
  return fix.kind === 'upgrade'
    ? { zh: `随下次升级（${zh}后复核）`, en: `With the next upgrade (review after ${en})` }
    : { zh: `KEV 规定日期，无日期的 ${zh}`, en: `CISA's own date, else ${en}` };
}

const list = <T extends string>(of: readonly T[], labels: Readonly<Record<T, Text>>): Text => ({
  zh: of.map((one) => labels[one]?.zh ?? one).join('、'),
  en: of.map((one) => labels[one]?.en ?? one).join(' or '),
});

const text = (zh: string, en: string): Text => ({ zh, en });

const SAID: {
  readonly [K in keyof Required<Condition>]: (value: NonNullable<Condition[K]>) => Text;
} = {
  grade: (grades) => list(grades, CHINESE_GRADE_LABELS),
  class: (classes: readonly FindingClass[]) => list(classes, FINDING_CLASS_LABELS),
  kev: (is) =>
    is ? text('已知被利用（KEV）', 'known to be exploited (KEV)') : text('未列入 KEV', 'not in KEV'),
  exposed: (is) =>
    is ? text('互联网暴露', 'exposed to the internet') : text('未暴露于互联网', 'not exposed'),
  automatable: (is) => (is ? text('可自动化利用', 'automatable') : text('不可自动化利用', 'not automatable')),
  technicalImpact: (impact) =>
    impact === 'total'
      ? text('可完全控制', 'total technical impact')
      : text('部分影响', 'partial technical impact'),
  levelFrom: (level) => text(`等保 ${level} 级及以上`, `MLPS level ${level} or above`),
  criticalInfrastructure: (is) =>
    is ? text('关键信息基础设施', 'critical infrastructure') : text('非关基', 'no critical infrastructure'),
  keyList: (purposes) => {
    const { zh, en } = list(purposes, KEY_LIST_PURPOSES as Readonly<Record<string, Text>>);
    return text(`重点名单：${zh}`, `on a key list: ${en}`);
  },
  cveYearFrom: (year) => text(`CVE 年份 ${year} 及以后`, `CVE of ${year} or later`),
  hasCve: (is) => (is ? text('有 CVE 编号', 'has a CVE') : text('无 CVE 编号', 'has no CVE')),
};

/** Everything that is a weakness: to say each grade would say nothing. */
const ALL_GRADES = ['low', 'medium', 'high', 'critical'] as const;
const isAnyGrade = (key: string, value: unknown): boolean =>
  key === 'grade' && Array.isArray(value) && ALL_GRADES.every((grade) => value.includes(grade));

/** What a finding is comes before where it stands. */
const ORDER = Object.keys(SAID);

/** Everything that one condition asks for; nothing where it asks for nothing. */
function conditionTexts(condition: Condition): Text[] {
  return Object.entries(condition)
    .filter(([key, value]) => !isAnyGrade(key, value))
    .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .flatMap(([key, value]) => {
      const said = SAID[key as keyof Condition] as ((value: unknown) => Text) | undefined;
      return said === undefined ? [] : [said(value)];
    });
}

const joined = (parts: readonly Text[], zh: string, en: string): Text => ({
  zh: parts.map((part) => part.zh).join(zh),
  en: parts.map((part) => part.en).join(en),
});

/** Of the rules in core's presets; who copies a preset keeps its ids. */
const RULE_NAMES: Readonly<Record<string, Text>> = {
  credential: text('弱口令和高危端口暴露', 'weak credentials and exposed services'),
  'end-of-support': text('停止支持的产品', 'products out of support'),
  process: text('管理缺陷', 'process gaps'),
  critical: text('超危问题', 'critical findings'),
  high: text('高危问题', 'high findings'),
  medium: text('中危问题', 'medium findings'),
  low: text('低危问题', 'low findings'),
  kev: text('已知被利用的漏洞', 'vulnerabilities known to be exploited'),
  'kev-before-2021': text(
    '已知被利用的 2021 年以前的漏洞',
    'vulnerabilities from before 2021 known to be exploited',
  ),
};
const RULE_CASES: Readonly<Record<string, Text>> = {
  guarantee: text('重要保障期', 'in a period of protection'),
  pressing: text(
    '暴露于互联网、已被利用、关基或三级及以上',
    'exposed, exploited, critical infrastructure or level 3 and above',
  ),
  exposed: text('暴露于互联网', 'exposed to the internet'),
};

/** What people call a rule: by name where it is one of a preset, "row 12" of a table, else the id that its author gave. */
export function ruleName(id: string): Text {
  const [, row] = /^(?:as-)?(\d+)$/.exec(id) ?? [];
  if (row !== undefined)
    return id === row ? text(`第 ${row} 行`, `row ${row}`) : text(`比照第 ${row} 行`, `like row ${row}`);
  const [, base = id, special = ''] = /^(.+?)(?:-(guarantee|pressing|exposed))?$/.exec(id) ?? [];
  const [name, when] = [RULE_NAMES[base], RULE_CASES[special]];
  if (name === undefined || (special !== '' && when === undefined)) return text(id, id);
  return when === undefined ? name : text(`${name.zh}（${when.zh}）`, `${name.en} (${when.en})`);
}

/** When a rule holds, what all its conditions have in common first; null: always. */
export function whenText({ when }: Pick<PolicyRule, 'when'>): Text | null {
  const lines = when.map(conditionTexts);
  if (lines.length === 0 || lines.some((parts) => parts.length === 0)) return null;
  const [first = []] = lines;
  const common = first.filter(({ en }) => lines.every((parts) => parts.some((part) => part.en === en)));
  const rest = lines.map((parts) => parts.filter(({ en }) => !common.some((part) => part.en === en)));
  const said = joined(common, '，', ', ');
  // one of the lines asks for nothing beyond what is common
  if (rest.some((parts) => parts.length === 0)) return said;
  const others = joined(
    rest.map((parts) => joined(parts, '且', ' and ')),
    '；',
    '; ',
  );
  if (common.length === 0) return others;
  return lines.length === 1
    ? said
    : { zh: `${said.zh}，且符合其一：${others.zh}`, en: `${said.en}, and one of: ${others.en}` };
}
