import type {
  AuthorizationFlawCode,
  EngineName,
  ProbeMethod,
  RetestObstacle,
  RetestOrigin,
  RetestOutcome,
  RetestState,
  RetestTaskState,
  WayToProve,
} from '@backcheck/core';
import type { AuthorizationState } from './authorizations.ts';
import type { Label } from './labels.ts';
import { REASON_LABELS } from './reasons.ts';
import type { FixCause, RetestReason } from './retests.ts';
import type { Text } from './text.ts';

export const RETEST_OUTCOME_LABELS = {
  proven: {
    label: { zh: '已证明', en: 'Proven' },
    meaning: {
      zh: '复测到达同一资产、同一端口，以同等深度运行了同一检测，没有再发现它。',
      en: 'The retest reached the same asset and port, ran the same check as deeply, and did not find it.',
    },
  },
  'still-present': {
    label: { zh: '仍存在', en: 'Still present' },
    meaning: { zh: '复测再次发现了它。', en: 'The retest saw it again.' },
  },
  inconclusive: {
    label: { zh: '无法判定', en: 'Inconclusive' },
    meaning: {
      zh: '复测没有得到可作证明的结果，问题保持原状，原因见下。',
      en: 'The retest brought no answer that proves anything; the finding stays as it was, for the reason below.',
    },
  },
} as const satisfies Record<RetestOutcome, Label>;

export const RETEST_STATE_LABELS = {
  waiting: { zh: '待复测', en: 'Waiting' },
  running: { zh: '复测中', en: 'Running' },
  done: { zh: '已完成', en: 'Done' },
  stopped: { zh: '已停止', en: 'Stopped' },
} as const satisfies Record<RetestState, Text>;

export const RETEST_TASK_STATE_LABELS = {
  waiting: { zh: '等待', en: 'Waiting' },
  running: { zh: '检测中', en: 'Running' },
  delivered: { zh: '正在导入', en: 'Importing' },
  done: { zh: '已完成', en: 'Done' },
  failed: { zh: '未能完成', en: 'Not completed' },
  stopped: { zh: '已停止', en: 'Stopped' },
} as const satisfies Record<RetestTaskState, Text>;

export const RETEST_ORIGIN_LABELS = {
  request: { zh: '单位申请', en: 'Requested by the organization' },
  order: { zh: '检查方安排', en: 'Ordered by the coordinator' },
  'look-back': { zh: '回头看', en: 'Look-back' },
  plan: { zh: '按风险定期', en: 'Planned by risk' },
} as const satisfies Record<RetestOrigin, Text>;

export const ENGINE_LABELS = {
  nmap: { zh: 'Nmap', en: 'Nmap' },
  sslscan: { zh: 'sslscan', en: 'sslscan' },
  testssl: { zh: 'testssl.sh', en: 'testssl.sh' },
  nuclei: { zh: 'Nuclei', en: 'Nuclei' },
  wapiti: { zh: 'Wapiti', en: 'Wapiti' },
  backcheck: { zh: '内置探测', en: 'Built-in probes' },
} as const satisfies Record<EngineName, Text>;

export const PROBE_METHOD_LABELS = {
  'port-scan': { zh: '端口探测', en: 'Port scan' },
  tls: { zh: 'TLS 检测', en: 'TLS' },
  http: { zh: 'HTTP 请求', en: 'HTTP requests' },
  ssh: { zh: 'SSH 算法', en: 'SSH algorithms' },
  dns: { zh: 'DNS 查询', en: 'DNS queries' },
  banner: { zh: '版本标识', en: 'Banners and versions' },
  script: { zh: '漏洞检测脚本', en: 'Vulnerability scripts' },
  template: { zh: '模板检测', en: 'Templates' },
  crawl: { zh: '网站爬取检测', en: 'Web crawling' },
} as const satisfies Record<ProbeMethod, Text>;

export const AUTHORIZATION_STATE_LABELS = {
  drafted: { zh: '待批准', en: 'Waiting for approval' },
  approved: { zh: '已批准，未生效', en: 'Approved, not valid yet' },
  'in-force': { zh: '有效', en: 'In force' },
  stopped: { zh: '已紧急停止', en: 'Stopped' },
  expired: { zh: '已到期', en: 'Expired' },
  revoked: { zh: '已撤销', en: 'Revoked' },
} as const satisfies Record<AuthorizationState, Text>;

/** What is wrong with a field of a draft, and how to write it. */
export const AUTHORIZATION_FLAW_LABELS = {
  NO_TARGETS: { zh: '请至少填写一个网段或域名', en: 'give at least one range or name' },
  RANGE_MALFORMED: { zh: '不是网段，请写成 192.0.2.0/24', en: 'is no range; write 192.0.2.0/24' },
  RANGE_HOST_BITS: {
    zh: '地址与前缀长度不符，请核对地址或长度',
    en: 'has bits set behind its length: check the address or the length',
  },
  RANGE_TOO_WIDE: {
    zh: '范围过大，IPv4 至少 /8，IPv6 至少 /16',
    en: 'is too wide: at least /8 for IPv4 and /16 for IPv6',
  },
  NAME_MALFORMED: {
    zh: '不是域名，请写成 www.example.org 或 *.example.org',
    en: 'is no name; write www.example.org or *.example.org',
  },
  NO_METHOD: { zh: '允许的方式全部被禁止', en: 'everything allowed is forbidden as well' },
  WINDOW_DAYS: { zh: '请选择星期', en: 'choose the days' },
  WINDOW_TIME: { zh: '时间请写成 22:00', en: 'write a time as 22:00' },
  TIME_ZONE_UNKNOWN: { zh: '未知时区', en: 'is no known time zone' },
  RATE_OUT_OF_RANGE: { zh: '请填 1 至 1000 的整数', en: 'is a whole number from 1 to 1000' },
  EXPIRES_BEFORE_START: { zh: '结束早于开始', en: 'lies before its beginning' },
  EXPIRES_TOO_LATE: { zh: '有效期最长 400 天', en: 'may last 400 days at most' },
} as const satisfies Record<AuthorizationFlawCode, Text>;

export const FIX_CAUSE_LABELS = {
  'missing-patch': { zh: '补丁缺失', en: 'Missing patch' },
  misconfiguration: { zh: '配置不当', en: 'Misconfiguration' },
  'weak-protocol': { zh: '协议或算法过弱', en: 'Weak protocol or algorithm' },
  'exposed-service': { zh: '服务暴露', en: 'Exposed service' },
  'expired-certificate': { zh: '证书过期', en: 'Expired certificate' },
  'end-of-support': { zh: '停止支持', en: 'End of support' },
  'code-defect': { zh: '代码缺陷', en: 'Defect in the code' },
  other: { zh: '其他', en: 'Other' },
} as const satisfies Record<FixCause, Text>;

export const WAY_TO_PROVE_LABELS = {
  'credentialed-scan': { zh: '带登录凭据的扫描', en: 'A scan with a login' },
  'package-list': { zh: '软件包清单', en: 'A package list' },
  'on-site-check': { zh: '现场检查', en: 'An on-site check' },
  'same-tool': { zh: '用发现它的同一工具再扫一次', en: 'Another scan of the tool that found it' },
  'newer-tool': { zh: '同样新或更新版本的工具', en: 'The tool in the same or a newer version' },
  'registered-profile': { zh: '按已登记的扫描方案扫描', en: 'A scan by a registered profile' },
  'other-vantage': { zh: '在发现它的位置部署执行器', en: 'A runner at the place from which it was seen' },
} as const satisfies Record<WayToProve, Text>;

export const OBSTACLE_LABELS = {
  NO_ENGINE: {
    label: { zh: '没有引擎能证明', en: 'No engine can prove it' },
    meaning: {
      zh: '此处的检测引擎无法证明这个问题已消除，请采用下列方式。',
      en: 'No engine here can prove that this finding is gone. What can is named below.',
    },
  },
  TOOL_MISSING: {
    label: { zh: '缺少工具', en: 'Tool missing' },
    meaning: {
      zh: '所需工具没有安装在任何执行器上。安装后重新发起复测。',
      en: 'No runner has the tool that is needed. Install it there and ask again.',
    },
  },
  TOOL_TOO_OLD: {
    label: { zh: '工具版本过旧', en: 'Tool too old' },
    meaning: {
      zh: '执行器上的工具比发现问题时的版本旧，其结果不能销号。请升级。',
      en: 'The tool of the runners is older than the one that saw the finding, so it cannot close it. Update it.',
    },
  },
  NO_RUNNER: {
    label: { zh: '该位置没有执行器', en: 'No runner at that place' },
    meaning: {
      zh: '问题是从另一个位置发现的，需从同一位置复测。请在那里部署执行器。',
      en: 'The finding was seen from another place and must be looked at from there. Set up a runner there.',
    },
  },
  NOT_AUTHORIZED: {
    label: { zh: '没有检测授权', en: 'Not authorized' },
    meaning: {
      zh: '没有有效的检测授权书覆盖这个目标和检测方式，没有发出任何探测。请起草检测授权书，批准后再申请复测。',
      en: 'No authorization in force covers this target and way of testing. Nothing was sent. Draft one, and ask again once it is approved.',
    },
  },
  ADDRESS_REFUSED: {
    label: { zh: '地址被拒绝', en: 'Address refused' },
    meaning: {
      zh: '目标指向回环、链路本地、元数据、本机等特殊地址，且授权书未列明。没有发出任何探测。',
      en: 'The target is a loopback, link-local, metadata, own or otherwise special address that the authorization does not list. Nothing was sent.',
    },
  },
  NAME_UNRESOLVED: {
    label: { zh: '域名无法解析', en: 'Name not resolved' },
    meaning: {
      zh: '执行器所在位置解析不到这个域名。',
      en: 'The name has no address where the runner is.',
    },
  },
  NAME_NOT_PINNED: {
    label: { zh: '无法固定域名解析', en: 'Name cannot be pinned' },
    meaning: {
      zh: '该工具会自行解析域名，此处无法将其限定到已核对的地址。请在执行器上安装 libnss-wrapper。',
      en: 'The tool resolves names by itself and cannot be held to the address that was checked. Install libnss-wrapper on the runner.',
    },
  },
  RATE_TOO_LOW: {
    label: { zh: '速率限制过低', en: 'Rate too low' },
    meaning: {
      zh: '授权书允许的速率低于该工具的最低速率，没有运行。',
      en: 'The tool cannot go as slowly as the authorization demands, so it was not run.',
    },
  },
  STOPPED: {
    label: { zh: '已停止', en: 'Stopped' },
    meaning: { zh: '有人按下了停止。', en: 'Somebody stopped it.' },
  },
  WINDOW_CLOSED: {
    label: { zh: '检测时段结束', en: 'Window closed' },
    meaning: {
      zh: '检测时段或授权在完成之前结束。',
      en: 'The window or the authorization ended before it was done.',
    },
  },
  RUNNER_LOST: {
    label: { zh: '执行器失联', en: 'Runner lost' },
    meaning: {
      zh: '接手的执行器三次中断，没有结果。',
      en: 'Three runners took it and were lost; there is no result.',
    },
  },
  TOOL_FAILED: {
    label: { zh: '工具运行失败', en: 'Tool failed' },
    meaning: { zh: '工具没有产生可用的结果文件。', en: 'The tool ended without a usable file.' },
  },
} as const satisfies Record<RetestObstacle, Label>;

/** The words for whatever kept a retest from an answer. */
export function retestReasonLabel(reason: RetestReason): Label {
  return reason in OBSTACLE_LABELS
    ? OBSTACLE_LABELS[reason as RetestObstacle]
    : REASON_LABELS[reason as keyof typeof REASON_LABELS];
}
