/** The papers that are issued to an organization; domain section 5.8. */
export const NOTICE_KINDS = [
  'inspection',
  'rectification',
  'circular',
  'reminder',
  'supervision',
  'extension-decision',
  'exception-decision',
  'retest-result',
  'closing',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** These demand that what they list is mended, so they list nothing that is settled already. */
export const DEMANDS: readonly NoticeKind[] = ['rectification', 'circular', 'reminder', 'supervision'];

/**
 * `submitted`: waits for its approver. `issued`: has a number for ever. A draft that is given up is `discarded` and never
 * had a number; what was issued is `withdrawn` with a reason and keeps it.
 */
export const NOTICE_STATES = [
  'draft',
  'submitted',
  'approved',
  'issued',
  'withdrawn',
  'superseded',
  'discarded',
] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

export const PAPER_LANGUAGES = ['zh', 'en', 'both'] as const;
export type PaperLanguage = (typeof PAPER_LANGUAGES)[number];

export const CHANNELS = ['platform', 'mail', 'webhook', 'phone', 'paper'] as const;
export type Channel = (typeof CHANNELS)[number];

/**
 * `sending`: its last byte may be on the way. `unconfirmed`: the process ended between the last byte and the answer of the
 * mail server; a person decides whether it is sent again. `bounced`: came back after it had been taken.
 */
export const DELIVERY_STATES = ['waiting', 'sending', 'sent', 'unconfirmed', 'failed', 'bounced'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
