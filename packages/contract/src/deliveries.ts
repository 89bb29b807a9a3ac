import { CHANNELS, DELIVERY_STATES, ESCALATION_STEPS, NOTICE_KINDS } from '@backcheck/core';
import { z } from 'zod';
import { Cursor, Id, Instant, limit, line, NextCursor, OrganizationId, prose } from './wire.ts';

const Person = z.object({ id: Id, name: z.string() });
const Channel = z.enum(CHANNELS);
const moment = z.iso.datetime({ offset: true });
const note = prose(2000).default('');

/** Why something was sent: the notice was issued, or a rung of its ladder was reached. */
export const OCCASIONS = ['issued', 'remind', 'remind-leader'] as const;
export type Occasion = (typeof OCCASIONS)[number];

/** The channels of the log that people keep. */
export const LOGGED_CHANNELS = ['phone', 'paper'] as const;

/** One way on which a notice went to one recipient. */
export const Delivery = z
  .object({
    id: Id,
    channel: Channel,
    occasion: z.enum(OCCASIONS),
    recipient: z.string(),
    address: z.string().nullable().describe('Of the mail or the webhook; null: none'),
    state: z
      .enum(DELIVERY_STATES)
      .describe(
        '`unconfirmed`: the last byte of the mail had been written, and no answer of the mail server is known. ' +
          'It is not sent again by itself',
      ),
    attempts: z.number().int(),
    notBefore: Instant.nullable().describe('When it is tried again'),
    failure: z.string().nullable().describe('In the words of the other side'),
    answer: z.string().nullable().describe('What the other side said when it took it'),
    queuedAt: Instant,
    sentAt: Instant.nullable(),
    readAt: Instant.nullable().describe('Opened on the platform; no receipt'),
    loggedBy: Person.nullable().describe('Who wrote it into the log of phone and paper'),
    note: z.string().nullable(),
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.infer<typeof Delivery>;

/** Somebody says that they have it. Silence is no receipt, and an opened mail is none. */
export const Receipt = z
  .object({
    no: z.number().int(),
    channel: Channel,
    name: z.string(),
    receivedAt: Instant,
    loggedBy: Person.nullable().describe('null: the receiver themself, signed in'),
    note: z.string().nullable(),
  })
  .meta({ id: 'Receipt' });
export type Receipt = z.infer<typeof Receipt>;

export const ESCALATION_STATES = ['planned', 'proposed', 'done', 'dismissed', 'needless'] as const;
export type EscalationState = (typeof ESCALATION_STATES)[number];

/** One rung of the ladder that a notice has for each date of its findings. */
export const Escalation = z
  .object({
    id: Id,
    step: z.enum(ESCALATION_STEPS),
    plannedAt: Instant,
    dueAt: Instant.describe('It is of the findings that are due then; an extension moves both'),
    state: z
      .enum(ESCALATION_STATES)
      .describe('`proposed`: waits for a person. `needless`: everything was settled before'),
    changedAt: Instant.nullable(),
    changedBy: Person.nullable().describe('null: the clock'),
    reason: z.string().nullable(),
    noticeMade: Id.nullable().describe('The draft that was proposed'),
  })
  .meta({ id: 'Escalation' });
export type Escalation = z.infer<typeof Escalation>;

/** How a notice reached whom, who acknowledged it, and what comes when nothing happens. */
export const NoticeDeliveries = z
  .object({
    noticeId: Id,
    organization: z.object({ id: OrganizationId, name: z.string(), nameZh: z.string().nullable() }),
    planned: z.boolean().describe('false: it was issued a moment ago, and who gets it is being looked up'),
    noReceiptSince: Instant.nullable().describe('When it was issued, while nobody has acknowledged it'),
    items: z.array(Delivery),
    receipts: z.array(Receipt),
    escalations: z
      .array(Escalation)
      .describe('By date, then in the order of the ladder; none for the side of the organization'),
    yours: z
      .object({ mayAcknowledge: z.boolean(), acknowledgedAt: Instant.nullable() })
      .describe('What the caller can do about it'),
  })
  .meta({ id: 'NoticeDeliveries' });
export type NoticeDeliveries = z.infer<typeof NoticeDeliveries>;

/** States in which a delivery waits for a person. */
export const TROUBLED_STATES = ['unconfirmed', 'bounced', 'failed'] as const;

/** A delivery that a person should look at, with its notice. */
export const TroubledDelivery = Delivery.extend({
  notice: z.object({ id: Id, kind: z.enum(NOTICE_KINDS), number: z.string() }),
  organization: z.object({ id: OrganizationId, name: z.string(), nameZh: z.string().nullable() }),
}).meta({ id: 'TroubledDelivery' });
export type TroubledDelivery = z.infer<typeof TroubledDelivery>;

export const TroubledQuery = z.object({
  state: z.enum(TROUBLED_STATES).optional().describe('Left out: all of them'),
  organizationId: OrganizationId.optional(),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});
/** Of notices that still stand, the latest first. */
export const TroubledDeliveries = z.object({ items: z.array(TroubledDelivery), nextCursor: NextCursor });

export const Acknowledge = z.object({ note });

export const LogDelivery = z.object({
  channel: z.enum(LOGGED_CHANNELS),
  recipient: line(200).describe('Whom you spoke to, or who took the paper'),
  at: moment.describe('When; not in the future'),
  received: z.boolean().describe('The recipient confirmed that they have it: a receipt too'),
  note,
});
export type LogDelivery = z.infer<typeof LogDelivery>;

/** A path to one delivery or one rung of a notice. */
export const DeliveryParams = z.object({ id: Id, deliveryId: Id });
export const EscalationParams = z.object({ id: Id, escalationId: Id });

export const DismissStep = z.object({ reason: line(1000).describe('Why; kept') });

export const BOUNCE_OUTCOMES = ['bounced', 'delivered', 'delayed', 'unknown', 'not-a-report'] as const;

/** What a returned mail said (RFC 3464). `unknown`: it names none of our mails that the caller sees. */
export const BounceTaken = z
  .object({ outcome: z.enum(BOUNCE_OUTCOMES), noticeId: Id.nullable() })
  .meta({ id: 'BounceTaken' });
export type BounceTaken = z.infer<typeof BounceTaken>;

/** An address of the organization's own systems that hears of each notice; https://www.standardwebhooks.com. */
export const Webhook = z
  .object({
    id: Id,
    organization: z.object({ id: OrganizationId, name: z.string(), nameZh: z.string().nullable() }),
    url: z.string(),
    registeredBy: Person,
    registeredAt: Instant,
    disabledAt: Instant.nullable(),
    disabledBy: Person.nullable().describe(
      'null with `disabledAt`: it stopped by itself, after days of failures',
    ),
    failingSince: Instant.nullable(),
    lastFailure: z.string().nullable(),
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof Webhook>;

export const WebhookQuery = z.object({ organizationId: OrganizationId.optional() });
export const WebhookList = z.object({ items: z.array(Webhook).describe('The latest first, at most 200') });

export const RegisterWebhook = z.object({
  organizationId: OrganizationId,
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .describe('https; http only where the installation allows the address'),
});
export type RegisterWebhook = z.infer<typeof RegisterWebhook>;

export const RegisteredWebhook = Webhook.extend({
  secret: z.string().describe('"whsec_…": shown now and never again'),
}).meta({ id: 'RegisteredWebhook' });

/** The body that a webhook gets. Nothing in it says what is weak. */
export const WebhookPayload = z
  .object({
    type: z.enum(['notice.issued', 'webhook.test']),
    timestamp: Instant,
    data: z.object({
      organizationId: OrganizationId,
      noticeId: Id.nullable(),
      number: z.string().nullable(),
      kind: z.string().nullable(),
      link: z.string().nullable(),
    }),
  })
  .meta({ id: 'WebhookPayload' });
export type WebhookPayload = z.infer<typeof WebhookPayload>;

export const WebhookTested = z
  .object({ taken: z.boolean(), answer: z.string().describe('What the receiver or the network said') })
  .meta({ id: 'WebhookTested' });
