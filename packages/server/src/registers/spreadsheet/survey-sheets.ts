import type { Text } from '@backcheck/contract';
import type { RegisterKind } from '@backcheck/core';

/** What a sheet of the survey becomes when it is imported. */
export interface SurveyFeed {
  readonly kind: RegisterKind;
  /** Fields that the sheet has a column for, besides the code of the organization. */
  readonly columns: readonly string[];
  /** What holds for its rows where they say nothing else. */
  readonly preset: Readonly<Record<string, string>>;
}

export interface SurveySheet {
  readonly name: Text;
  /** null: the sheet is kept as a document; nothing of it gets into a register. */
  readonly feeds: SurveyFeed | null;
  /** The columns of a sheet that feeds nothing. */
  readonly columns: readonly Text[];
}

const columns = (...pairs: readonly string[]): Text[] =>
  pairs.map((pair) => {
    const [zh = '', en = ''] = pair.split('|').map((one) => one.trim());
    return { zh, en };
  });

const feeds = (zh: string, en: string, feed: SurveyFeed): SurveySheet => ({
  name: { zh, en },
  feeds: feed,
  columns: [],
});
const keeps = (zh: string, en: string, ...pairs: readonly string[]): SurveySheet => ({
  name: { zh, en },
  feeds: null,
  columns: columns(...pairs),
});

const DEVICE = [
  'assetCode',
  'name',
  'systemCode',
  'hostname',
  'ips',
  'macs',
  'vendor',
  'model',
  'serial',
  'os',
  'osVersion',
  'virtual',
  'location',
  'exposure',
  'importance',
  'ownerPerson',
  'supportEndOn',
  'notes',
];
const device = (zh: string, en: string, type: string, ...more: readonly string[]): SurveySheet =>
  feeds(zh, en, { kind: 'asset', columns: [...DEVICE, ...more], preset: { type } });

/**
 * The thirteen tables of an MLPS survey (测评调研表), in their usual order. The tables' subjects are common practice;
 * their headings here are ours.
 */
export const SURVEY_SHEETS: readonly SurveySheet[] = [
  feeds('系统情况', 'Systems', {
    kind: 'system',
    columns: [
      'systemCode',
      'name',
      'mlpsLevel',
      'mlpsFilingNumber',
      'mlpsFiledOn',
      'lastEvaluationOn',
      'kind',
      'function',
      'usersCount',
      'serviceScope',
      'access',
      'urls',
      'hostMode',
      'operationMode',
      'operationOrganization',
      'developer',
      'goLiveOn',
      'ownerPerson',
      'ownerPhone',
      'notes',
    ],
    preset: {},
  }),
  keeps(
    '机房',
    'Machine rooms',
    '机房名称 | Machine room',
    '物理位置 | Place',
    '负责人 | Person in charge',
    '门禁与监控 | Access control',
    '供电与空调 | Power and cooling',
    '备注 | Notes',
  ),
  device('网络设备', 'Network devices', 'network', 'edgeDevice'),
  device('安全设备', 'Security devices', 'security-device', 'edgeDevice'),
  device('密码产品', 'Cryptographic products', 'security-device'),
  device('服务器存储', 'Servers and storage', 'server', 'type'),
  device('终端', 'Terminals', 'terminal'),
  keeps(
    '系统软件平台',
    'System software and platforms',
    '软件名称 | Software',
    '版本 | Version',
    '所在设备编号 | Asset code of its device',
    '用途 | Purpose',
    '备注 | Notes',
  ),
  feeds('业务应用', 'Applications', {
    kind: 'asset',
    columns: [
      'assetCode',
      'name',
      'systemCode',
      'urls',
      'domains',
      'ips',
      'vendor',
      'exposure',
      'importance',
      'ownerPerson',
      'notes',
    ],
    preset: { type: 'web-application' },
  }),
  keeps(
    '关键数据',
    'Key data',
    '数据名称 | Data',
    '所属系统编码 | System code',
    '存放位置 | Where it is kept',
    '备份方式 | Back-up',
    '备注 | Notes',
  ),
  feeds('安全人员', 'Security staff', {
    kind: 'contact',
    columns: ['name', 'role', 'mobile', 'phone', 'email', 'im', 'order', 'channel', 'notes'],
    preset: { role: 'technical' },
  }),
  keeps(
    '管理文档',
    'Management documents',
    '文档名称 | Document',
    '文号或版本 | Number or version',
    '发布日期 | Issued on',
    '主要内容 | Contents',
    '备注 | Notes',
  ),
  keeps('网络拓扑', 'Topology', '图名 | Drawing', '说明 | Explanation', '绘制日期 | Drawn on'),
];

/** Offices number the tabs and say what a tab is: "3、网络设备情况表" is 网络设备. */
const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\d.、()\-/]/g, '')
    .replace(/^表/, '')
    .replace(/(情况|信息)?(调查|调研|汇总|统计|登记)?[表单]?$/, '')
    .replace(/[名清]$/, '');

export function surveySheetNamed(name: string): SurveySheet | null {
  const wanted = plain(name);
  const called = ({ name: { zh, en } }: SurveySheet): boolean => plain(zh) === wanted || plain(en) === wanted;
  return wanted === '' ? null : (SURVEY_SHEETS.find(called) ?? null);
}
