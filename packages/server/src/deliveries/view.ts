import type { Delivery, Escalation, Receipt, TroubledDelivery, Webhook } from '@backcheck/contract';
import type {
  DeliveredNotice,
  DeliveryRow,
  EscalationRow,
  ReceiptRow,
  TroubledRow,
  WebhookRow,
} from '@backcheck/db';

const person = (one: { readonly id: string; readonly name: string } | null) =>
  one === null ? null : { id: one.id, name: one.name };

export const viewOrganization = ({ id, name, nameZh }: DeliveredNotice['organization']) => ({
  id,
  name,
  nameZh,
});

export const viewDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  channel: row.channel,
  occasion: row.occasion,
  recipient: row.recipient,
  address: row.address,
  state: row.state,
  attempts: row.attempts,
  notBefore: row.state === 'waiting' ? row.notBefore : null,
  failure: row.failure,
  answer: row.answer,
  queuedAt: row.queuedAt,
  sentAt: row.sentAt,
  readAt: row.readAt,
  loggedBy: person(row.loggedBy),
  note: row.note,
});

export const viewTroubled = (row: TroubledRow): TroubledDelivery => ({
  ...viewDelivery(row),
  notice: { id: row.notice.id, kind: row.notice.kind, number: row.notice.number },
  organization: viewOrganization(row.organization),
});

export const viewReceipt = (row: ReceiptRow): Receipt => ({
  no: row.no,
  channel: row.channel,
  name: row.name,
  receivedAt: row.receivedAt,
  loggedBy: person(row.loggedBy),
  note: row.note,
});

export const viewEscalation = (row: EscalationRow): Escalation => ({
  id: row.id,
  step: row.step,
  plannedAt: row.plannedAt,
  dueAt: row.dueAt,
  state: row.state,
  changedAt: row.changedAt,
  changedBy: person(row.changedBy),
  reason: row.reason,
  noticeMade: row.noticeMade,
});

/** Without the secret, which leaves the server once. */
export const viewWebhook = (row: WebhookRow): Webhook => ({
  id: row.id,
  organization: viewOrganization(row.organization),
  url: row.url,
  registeredBy: { id: row.registeredBy.id, name: row.registeredBy.name },
  registeredAt: row.registeredAt,
  disabledAt: row.disabledAt,
  disabledBy: person(row.disabledBy),
  failingSince: row.failingSince,
  lastFailure: row.lastFailure,
});
