import type {
  Credential,
  Decision,
  Evidence,
  IdentifierKind,
  Method,
  ScanRecord,
  Severity,
  State,
  Verdict,
} from '@backcheck/core';
import type { HistoryKind } from './findings.ts';
import type { ImportState, Party } from './imports.ts';
import type { Text } from './text.ts';

/** A short name for a tag, and one sentence that says what it means. */
export interface Label {
  readonly label: Text;
  readonly meaning: Text;
}

export const STATE_LABELS = {
  open: {
    label: { zh: '未整改', en: 'Open' },
    meaning: {
      zh: '扫描发现了它，之后没有证据表明已经消除。',
      en: 'A scan saw it, and nothing since shows that it is gone.',
    },
  },
  'fixed-unverified': {
    label: { zh: '疑似已改，待验证', en: 'Fixed, unverified' },
    meaning: {
      zh: '最近的扫描没有再看到它，但结论依赖某个假设或来自被检单位，不能销号。请安排复测。',
      en: 'A later scan no longer saw it, but that rests on an assumption or on the inspected organization alone. A retest can close it.',
    },
  },
  regressed: {
    label: { zh: '复发', en: 'Regressed' },
    meaning: { zh: '曾被证明消除，后来又被发现。', en: 'It was proved gone once and was seen again later.' },
  },
  'verified-fixed': {
    label: { zh: '已验证销号', en: 'Verified fixed' },
    meaning: {
      zh: '之后的扫描到达同一资产，以同等深度运行了同一检测，没有再发现它。',
      en: 'A later scan reached the same asset, ran the same check as deeply, and did not find it.',
    },
  },
} as const satisfies Record<State, Label>;

export const SEVERITY_LABELS = {
  info: { zh: '信息', en: 'Info' },
  low: { zh: '低危', en: 'Low' },
  medium: { zh: '中危', en: 'Medium' },
  high: { zh: '高危', en: 'High' },
  critical: { zh: '超危', en: 'Critical' },
} as const satisfies Record<Severity, Text>;

export const EVIDENCE_LABELS = {
  E3: {
    label: { zh: 'E3 明确阴性', en: 'E3 explicit negative' },
    meaning: {
      zh: '文件写明：此处、此检测、未发现。可以销号。',
      en: 'The file says: this check, here, clean. It closes.',
    },
  },
  E2: {
    label: { zh: 'E2 范围内无报告', en: 'E2 scoped silence' },
    meaning: {
      zh: '文件表明已到达、已检查该端口、已运行该检测，且没有报告。可以销号。',
      en: 'The file shows that the asset was reached, the port examined and the check run, and reports nothing. It closes.',
    },
  },
  E1: {
    label: { zh: 'E1 依赖假设', en: 'E1 assumed' },
    meaning: {
      zh: '是否到达、是否检查该端口、是否运行该检测项，其中至少一项是假设，最多列为“疑似已改”。',
      en: 'That the asset was reached, the port examined or the check run is in part an assumption. It never closes; "fixed, unverified" at most.',
    },
  },
  E0: {
    label: { zh: 'E0 无结论', en: 'E0 nothing' },
    meaning: { zh: '扫描尝试过但没有得到答案。', en: 'The scan tried here and got no answer.' },
  },
} as const satisfies Record<Evidence, Label>;

export const IDENTIFIER_LABELS = {
  ip: { zh: 'IP 地址', en: 'IP address' },
  fqdn: { zh: '域名', en: 'DNS name' },
  mac: { zh: '网卡地址', en: 'Hardware address' },
  url: { zh: '网址', en: 'URL' },
  image: { zh: '镜像', en: 'Image' },
  repository: { zh: '代码仓库', en: 'Repository' },
  file: { zh: '文件', en: 'File' },
  package: { zh: '软件包', en: 'Package' },
  agent: { zh: '代理编号', en: 'Agent id' },
  cloud: { zh: '云资源编号', en: 'Cloud id' },
  serial: { zh: '序列号', en: 'Serial number' },
  hostkey: { zh: '主机密钥', en: 'Host key' },
} as const satisfies Record<IdentifierKind, Text>;

export const METHOD_LABELS = {
  banner: { zh: '版本识别', en: 'Version or banner' },
  remote: { zh: '远程探测', en: 'Remote probe' },
  active: { zh: '主动验证', en: 'Active check' },
  local: { zh: '登录检查', en: 'Local, signed in' },
} as const satisfies Record<Method, Text>;

export const CREDENTIAL_LABELS = {
  none: { zh: '未登录', en: 'Without credentials' },
  user: { zh: '普通账号', en: 'Ordinary account' },
  privileged: { zh: '特权账号', en: 'Privileged account' },
} as const satisfies Record<Credential, Text>;

export const VERDICT_LABELS = {
  present: { zh: '发现', en: 'Present' },
  absent: { zh: '未发现', en: 'Absent' },
  error: { zh: '检测出错', en: 'Error' },
} as const satisfies Record<Verdict, Text>;

export const HISTORY_LABELS = {
  present: { zh: '扫描发现', en: 'Seen by a scan' },
  absent: { zh: '扫描证明不存在', en: 'Proved absent by a scan' },
  'not-covered': { zh: '扫描未覆盖', en: 'Not covered by a scan' },
  assumed: { zh: '未见报告（依赖假设）', en: 'Not reported, on an assumption' },
  decision: { zh: '处置决定', en: 'Decision' },
  certificate: { zh: '签发销号证明', en: 'Certificate issued' },
  superseded: { zh: '销号证明失效', en: 'Certificate superseded' },
  notice: { zh: '签发文书', en: 'Notice issued' },
  receipt: { zh: '签收', en: 'Received' },
  'notice-ended': { zh: '文书失效', en: 'Notice withdrawn or replaced' },
  reply: { zh: '单位提交', en: 'Reply' },
  ruling: { zh: '检查方办理', en: 'Reply decided' },
  review: { zh: '风险接受复核，继续有效', en: 'Borne risk reviewed, still holds' },
  'reply-ended': { zh: '答复终止', en: 'Reply ended' },
  'claim-signed': { zh: '单位负责人对整改申报签字', en: 'Claim of fix signed by the leader' },
} as const satisfies Record<HistoryKind, Text>;

export const IMPORT_STATE_LABELS = {
  queued: { zh: '排队中', en: 'Queued' },
  reading: { zh: '读取中', en: 'Reading' },
  ready: { zh: '待确认', en: 'Ready to confirm' },
  importing: { zh: '导入中', en: 'Importing' },
  done: { zh: '已导入', en: 'Imported' },
  refused: { zh: '已拒绝', en: 'Refused' },
  discarded: { zh: '已放弃', en: 'Discarded' },
} as const satisfies Record<ImportState, Text>;

export const PARTY_LABELS = {
  coordinator: { zh: '检查组织方', en: 'Coordinator' },
  runner: { zh: '本产品的扫描器', en: 'Our own runner' },
  organization: { zh: '被检单位', en: 'The inspected organization' },
} as const satisfies Record<Party, Text>;

export const TIME_SOURCE_LABELS = {
  file: { zh: '文件自带时间', en: 'Stated in the file' },
  declared: { zh: '由人填写', en: 'Declared' },
  none: { zh: '没有时间，不能销号', en: 'None: it closes nothing' },
} as const satisfies Record<ScanRecord['timeSource'], Text>;

/** What a person decided about a finding. */
export const DECISION_LABELS = {
  claimed: { zh: '申报已整改', en: 'Claimed fixed' },
  accepted: { zh: '限期接受风险', en: 'Accepted until a day' },
  'false-positive': { zh: '误报', en: 'False positive' },
  'not-applicable': { zh: '不适用', en: 'Not applicable' },
  revoked: { zh: '撤回', en: 'Taken back' },
} as const satisfies Record<Decision['kind'], Text>;
