import type { EscalationStep } from '@backcheck/core';
import type { EscalationState, Occasion } from './deliveries.ts';
import type { Text } from './text.ts';

export const OCCASION_LABELS = {
  issued: { zh: '签发', en: 'Issued' },
  remind: { zh: '到期提醒', en: 'Reminder' },
  'remind-leader': { zh: '提醒负责人', en: 'Reminder to the leader' },
} as const satisfies Record<Occasion, Text>;

export const ESCALATION_STEP_LABELS = {
  remind: { zh: '邮件提醒联络员', en: 'Mail to the liaison' },
  'remind-leader': { zh: '邮件提醒负责人', en: 'Mail to the leader' },
  overdue: { zh: '标记逾期', en: 'Marked overdue' },
  reminder: { zh: '催办单', en: 'Reminder notice' },
  supervision: { zh: '督办函', en: 'Supervision letter' },
  talk: { zh: '约谈', en: 'Talk with the leader' },
  circular: { zh: '通报', en: 'Circular' },
} as const satisfies Record<EscalationStep, Text>;

export const ESCALATION_STATE_LABELS = {
  planned: { zh: '未到时间', en: 'Planned' },
  proposed: { zh: '待处理', en: 'Waits for you' },
  done: { zh: '已完成', en: 'Done' },
  dismissed: { zh: '不予采取', en: 'Dismissed' },
  needless: { zh: '无需采取', en: 'Not needed' },
} as const satisfies Record<EscalationState, Text>;
