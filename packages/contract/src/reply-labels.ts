import type {
  DelayReason,
  FalsePositiveReason,
  ObjectionGround,
  ReplyKind,
  ReplyState,
} from '@backcheck/core';
import type { Text } from './text.ts';

export const REPLY_KIND_LABELS = {
  objection: { zh: '异议', en: 'Objection' },
  plan: { zh: '整改方案', en: 'Rectification plan' },
  interim: { zh: '临时措施', en: 'Interim measure' },
  extension: { zh: '延期申请', en: 'Extension' },
  acceptance: { zh: '风险接受', en: 'Risk acceptance' },
  'false-positive': { zh: '误报', en: 'False positive' },
} as const satisfies Record<ReplyKind, Text>;

export const REPLY_STATE_LABELS = {
  drafted: { zh: '待签署', en: 'To be signed' },
  made: { zh: '待办理', en: 'Waiting' },
  opinion: { zh: '已有意见，待决定', en: 'Opinion given' },
  granted: { zh: '已同意', en: 'Granted' },
  refused: { zh: '未同意', en: 'Refused' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
  verified: { zh: '已核实', en: 'Verified' },
  revoked: { zh: '已撤销', en: 'Revoked' },
  expired: { zh: '已到期', en: 'Expired' },
} as const satisfies Record<ReplyState, Text>;

export const OBJECTION_GROUND_LABELS = {
  fact: { zh: '问题不属实', en: 'It is not so' },
  owner: { zh: '不归我单位负责', en: 'It is not ours' },
  grade: { zh: '等级不当', en: 'The grade is wrong' },
  deadline: { zh: '期限不当', en: 'The deadline is wrong' },
} as const satisfies Record<ObjectionGround, Text>;

export const DELAY_REASON_LABELS = {
  'no-patch-yet': { zh: '尚无补丁', en: 'No patch yet' },
  'no-budget': { zh: '经费未落实', en: 'No budget' },
  'vendor-silent': { zh: '厂商未答复', en: 'The vendor does not answer' },
  'change-freeze': { zh: '变更冻结期', en: 'Change freeze' },
  'business-refuses': { zh: '业务部门不同意停机', en: 'The business side refuses the downtime' },
  'not-ours': { zh: '由其他单位运维', en: 'Somebody else operates it' },
  'to-be-retired': { zh: '资产即将下线', en: 'The asset is to be retired' },
  'needs-testing': { zh: '需要测试验证', en: 'It needs testing' },
} as const satisfies Record<DelayReason, Text>;

export const FALSE_POSITIVE_REASON_LABELS = {
  'patch-backported': { zh: '已打补丁，版本号未变', en: 'The patch was backported under the same version' },
  'wrong-product': { zh: '产品或版本识别错误', en: 'Another product or version' },
  'not-affected': { zh: '该配置不受影响', en: 'Not affected in this configuration' },
  'tool-error': { zh: '工具误判', en: 'The tool is wrong' },
  'other-host': { zh: '检测到的不是该资产', en: 'Another machine answered' },
} as const satisfies Record<FalsePositiveReason, Text>;
