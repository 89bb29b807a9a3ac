import { NOTICE_KINDS } from '@backcheck/core';
import type { Attack } from './attacks.ts';

/** One record of each kind of what follows a finding: dates, notices, deliveries, replies. */
export interface ActionIds {
  /** Open, with a date and a measure that mends it. */
  readonly openFinding: string;
  readonly fix: string;
  readonly policy: string;
  readonly draftedPolicy: string;
  /** One in each state that a step is taken from. */
  readonly notices: Readonly<
    Record<'draft' | 'needless' | 'submitted' | 'doubtful' | 'approved' | 'issued' | 'wrong', string>
  >;
  /** Of the ladder of the issued notice: a rung that is planned, and one that waits for a person. */
  readonly remind: string;
  readonly talk: string;
  /** Of the issued notice: one that nobody knows of whether it arrived, and one that failed. */
  readonly unconfirmed: string;
  readonly failed: string;
  /** A mail that comes back, of the unconfirmed one. */
  readonly bounce: string;
  readonly batches: Readonly<Record<'drafted' | 'approved' | 'needless', string>>;
  readonly template: string;
  readonly webhook: string;
  readonly replies: Readonly<
    Record<'objection' | 'acceptance' | 'interim' | 'plan' | 'false-positive', string>
  >;
  readonly draftedCalendar: string;
  readonly deadlinePreview: string;
  readonly veto: string;
  readonly upload: string;
}

interface Where extends ActionIds {
  readonly organization: string;
}

const note = 'tried by a stranger';
const both = (text: string) => ({ zh: text, en: text });
const words = { language: 'both', title: both('Ours'), body: both(note) } as const;

export const noticeDraft = (findingIds: readonly string[]) => ({
  kind: 'rectification',
  findingIds,
  ...words,
});

export const batchPlan = (organizationId: string, title: string, text = title) => ({
  kind: 'rectification',
  title,
  organizationId,
  scope: { by: 'organizations', organizationIds: [organizationId] },
  which: 'open',
  draft: { language: 'both', title: both(text), body: both(text) },
});

export const policyOf = (code: string, text: string) => ({
  code,
  title: both(text),
  source: both(text),
  clockStart: 'detected',
  timeZone: 'Asia/Shanghai',
  calendar: null,
  unknownExposure: false,
  unknownAutomatable: false,
  unknownTechnicalImpact: 'partial',
  rules: [{ id: '1', when: [], fix: { kind: 'within', term: { amount: 10, unit: 'calendar-days' } } }],
  pauses: ['retest', 'objection'],
  neverPaused: [],
  extension: { most: 2, upToTerm: true, needsInterim: false },
  escalation: [
    { step: 'remind', at: { share: 0.5 } },
    { step: 'talk', at: { after: null } },
  ],
});

export const calendarOf = (code: string, text: string) => ({
  code,
  title: both(text),
  source: both(text),
  timeZone: null,
  weekend: [6, 7],
  holidays: [],
  makeUpDays: [],
  validFrom: 2026,
  validTo: 2026,
});

export const officeOf = (text: string) => ({
  authority: both(text),
  numbers: Object.fromEntries(NOTICE_KINDS.map((kind) => [kind, `${text} ${kind} {yyyy}-{seq}`])),
  legalBasis: text,
  contact: text,
  timeZone: 'Asia/Shanghai',
});

/** What each operation of notices, deadlines and replies is sent so that it would reach the victim. */
export function attacksOnActions(ids: Where): Record<string, Attack> {
  return {
    ...attacksOnFeeds(ids),
    ...attacksOnDeadlines(ids),
    ...attacksOnUploads(ids),
    ...attacksOnNotices(ids),
    ...attacksOnBatches(ids),
    ...attacksOnOffice(ids),
    ...attacksOnDeliveries(ids),
    ...attacksOnReplies(ids),
    ...attacksOnFixes(ids),
  };
}

/** The feeds and how long files are kept are everybody's: only who has the whole installation changes them. */
function attacksOnFeeds({ openFinding }: Where): Record<string, Attack> {
  const file = new FormData();
  file.set('file', new Blob(['cve,epss,percentile\n']), 'epss.csv');
  return {
    'GET /api/v1/feeds/{feed}/versions': { path: '/api/v1/feeds/kev/versions', shared: true },
    'POST /api/v1/feeds/{feed}/files': { path: '/api/v1/feeds/epss/files', payload: file },
    'PUT /api/v1/feeds/{feed}/address': { path: '/api/v1/feeds/kev/address', payload: { address: null } },
    'PUT /api/v1/feeds/{feed}/limit': { path: '/api/v1/feeds/kev/limit', payload: { staleAfterDays: 1 } },
    'POST /api/v1/feeds/{feed}/fetch': { path: '/api/v1/feeds/kev/fetch' },
    'GET /api/v1/findings/{id}/vulnerabilities': { path: `/api/v1/findings/${openFinding}/vulnerabilities` },
    'GET /api/v1/retention-rules': { installation: true },
    'PUT /api/v1/retention-rules': {
      payload: { rules: [{ kind: 'upload', days: 0 }] },
      installation: true,
    },
    'GET /api/v1/retention/preview': { installation: true },
  };
}

function attacksOnDeadlines(ids: Where): Record<string, Attack> {
  const { organization: organizationId, openFinding, policy, draftedPolicy, draftedCalendar } = ids;
  const calendar = `/api/v1/working-calendars/${draftedCalendar}`;
  const held = { organizationId, appliesTo: 'open' };
  const one = (id: string): string => `/api/v1/deadline-policies/${id}`;
  return {
    'GET /api/v1/deadline-policies': { inside: true },
    'GET /api/v1/working-calendars': { inside: true },
    'GET /api/v1/findings/{id}/deadline': { path: `/api/v1/findings/${openFinding}/deadline` },
    'POST /api/v1/deadline-policies': { payload: { organizationId, content: policyOf('ours', 'Ours') } },
    'POST /api/v1/deadline-policies/{id}/approve': { path: `${one(draftedPolicy)}/approve` },
    'POST /api/v1/deadline-policies/{id}/preview': { path: `${one(policy)}/preview`, payload: held },
    'PUT /api/v1/deadline-policies/{id}/assignment': { path: `${one(policy)}/assignment`, payload: held },
    'GET /api/v1/deadline-previews/{id}': { path: `/api/v1/deadline-previews/${ids.deadlinePreview}` },
    'POST /api/v1/working-calendars/{id}/preview': { path: `${calendar}/preview` },
    'POST /api/v1/working-calendars/{id}/approve': { path: `${calendar}/approve` },
    'PUT /api/v1/working-calendars': { payload: { organizationId, content: calendarOf('ours', 'Ours') } },
  };
}

const TUS = { 'tus-resumable': '1.0.0' };

function attacksOnUploads({ upload }: Where): Record<string, Attack> {
  const path = `/api/v1/uploads/${upload}`;
  return {
    'POST /api/v1/uploads': { headers: { ...TUS, 'upload-length': '5' } },
    'GET /api/v1/uploads/{id}': { path },
    'PATCH /api/v1/uploads/{id}': {
      path,
      headers: { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
      payload: Buffer.from('other'),
    },
    'DELETE /api/v1/uploads/{id}': { path },
  };
}

function attacksOnNotices(ids: Where): Record<string, Attack> {
  const { organization: organizationId, openFinding, notices } = ids;
  const step = (name: string, id: string, payload?: object): Attack => ({
    path: `/api/v1/notices/${id}/${name}`,
    ...(payload === undefined ? {} : { payload }),
  });
  const draft = noticeDraft([openFinding]);
  const reason = { reason: note };
  const copy = new FormData();
  copy.set('file', new Blob(['x']), 'x.pdf');
  const wanted = `organizationId=${organizationId}&kind=rectification&findingIds=${openFinding}`;
  return {
    'POST /api/v1/notices': { payload: { organizationId, draft } },
    'GET /api/v1/notices/{id}': { path: `/api/v1/notices/${notices.issued}` },
    'PATCH /api/v1/notices/{id}': { path: `/api/v1/notices/${notices.draft}`, payload: { draft } },
    'GET /api/v1/findings/{id}/notices': { path: `/api/v1/findings/${openFinding}/notices` },
    'GET /api/v1/notices/proposal': { query: `?${wanted}` },
    'POST /api/v1/notices/{id}/supersede': step('supersede', notices.issued),
    'POST /api/v1/notices/{id}/submit': step('submit', notices.draft),
    'POST /api/v1/notices/{id}/approve': step('approve', notices.submitted),
    'POST /api/v1/notices/{id}/issue': step('issue', notices.approved),
    'POST /api/v1/notices/{id}/send-back': step('send-back', notices.doubtful, reason),
    'POST /api/v1/notices/{id}/withdraw': step('withdraw', notices.wrong, reason),
    'POST /api/v1/notices/{id}/discard': step('discard', notices.needless, reason),
    'POST /api/v1/notices/{id}/copies': step('copies', notices.issued, copy),
    'GET /api/v1/notices/{id}/copies/{no}': step('copies/1', notices.issued),
    'GET /api/v1/notices/{id}/paper': { ...step('paper', notices.issued), query: '?format=docx' },
    // by its hash: it would have to be guessed, for whoever was given the paper may ask
    'GET /api/v1/notice-papers/{sha256}': { path: `/api/v1/notice-papers/${'0'.repeat(64)}` },
  };
}

function attacksOnBatches({ organization, batches }: Where): Record<string, Attack> {
  const one = (id: string): string => `/api/v1/notice-batches/${id}`;
  const plan = batchPlan(organization, 'Ours', note);
  return {
    'POST /api/v1/notice-batches/preview': { payload: plan },
    'POST /api/v1/notice-batches': { payload: plan },
    'GET /api/v1/notice-batches/{id}': { path: one(batches.drafted) },
    'GET /api/v1/notice-batches/{id}/left-out': { path: `${one(batches.drafted)}/left-out` },
    'POST /api/v1/notice-batches/{id}/approve': { path: `${one(batches.drafted)}/approve` },
    'POST /api/v1/notice-batches/{id}/issue': { path: `${one(batches.approved)}/issue` },
    'POST /api/v1/notice-batches/{id}/discard': {
      path: `${one(batches.needless)}/discard`,
      payload: { reason: note },
    },
  };
}

function attacksOnOffice({ organization: organizationId, template }: Where): Record<string, Attack> {
  const one = `/api/v1/notice-templates/${template}`;
  const payload = new FormData();
  for (const [name, value] of Object.entries({ organizationId, kind: 'reminder', language: 'zh' }))
    payload.set(name, value);
  payload.set('file', new Blob(['no DOCX']), 'x.docx');
  return {
    'GET /api/v1/notice-office': { inside: true },
    'GET /api/v1/notice-templates': { inside: true },
    'PUT /api/v1/notice-office': { query: `?organizationId=${organizationId}`, payload: officeOf('Ours') },
    'POST /api/v1/notice-templates': { payload },
    'GET /api/v1/notice-templates/sample': { query: '?kind=reminder' },
    'GET /api/v1/notice-templates/{id}/document': { path: `${one}/document` },
    'DELETE /api/v1/notice-templates/{id}': { path: one },
  };
}

function attacksOnDeliveries(ids: Where): Record<string, Attack> {
  const { organization: organizationId, notices, webhook } = ids;
  const at = (path: string, payload?: object): Attack => ({
    path: `/api/v1/notices/${notices.issued}/${path}`,
    ...(payload === undefined ? {} : { payload }),
  });
  const call = { channel: 'phone', recipient: 'Mole', at: new Date().toISOString(), received: true, note };
  return {
    'GET /api/v1/notices/{id}/deliveries': at('deliveries'),
    'POST /api/v1/notices/{id}/deliveries/log': at('deliveries/log', call),
    'POST /api/v1/notices/{id}/deliveries/{deliveryId}/send-again': at(`deliveries/${ids.failed}/send-again`),
    'POST /api/v1/notices/{id}/deliveries/{deliveryId}/confirm': at(`deliveries/${ids.unconfirmed}/confirm`),
    'POST /api/v1/notices/{id}/escalations/{escalationId}/dismiss': at(`escalations/${ids.remind}/dismiss`, {
      reason: note,
    }),
    'POST /api/v1/notices/{id}/escalations/{escalationId}/done': at(`escalations/${ids.talk}/done`),
    'POST /api/v1/notices/{id}/receipts': { ...at('receipts', { note }), by: 'liaison' },
    'POST /api/v1/notices/{id}/opened': at('opened'),
    // with a Message-ID that nobody could guess
    'POST /api/v1/bounces': {
      payload: Buffer.from(ids.bounce),
      headers: { 'content-type': 'message/rfc822' },
    },
    'POST /api/v1/webhooks': { payload: { organizationId, url: 'https://127.0.0.1/mole' } },
    'POST /api/v1/webhooks/{id}/test': { path: `/api/v1/webhooks/${webhook}/test` },
    'POST /api/v1/webhooks/{id}/disable': { path: `/api/v1/webhooks/${webhook}/disable` },
  };
}

function attacksOnReplies(ids: Where): Record<string, Attack> {
  const { organization: organizationId, openFinding, replies, veto, upload } = ids;
  const step = (kind: keyof ActionIds['replies'], name: string, payload?: object): Attack => ({
    path: `/api/v1/replies/${replies[kind]}${name}`,
    ...(payload === undefined ? {} : { payload }),
  });
  const because = { because: note };
  return {
    'POST /api/v1/replies': {
      payload: { kind: 'interim', findingIds: [openFinding], text: note, uploadIds: [upload] },
    },
    'POST /api/v1/replies/preview': {
      payload: { kind: 'interim', findingIds: [openFinding], wholeProblems: true },
    },
    'GET /api/v1/replies/{id}': step('objection', ''),
    'GET /api/v1/findings/{id}/replies': { path: `/api/v1/findings/${openFinding}/replies` },
    'POST /api/v1/replies/{id}/sign': step('acceptance', '/sign'),
    'POST /api/v1/replies/{id}/withdraw': step('plan', '/withdraw', because),
    'POST /api/v1/replies/{id}/opinion': step('objection', '/opinion', { inFavour: true, text: note }),
    'POST /api/v1/replies/{id}/decide': step('acceptance', '/decide', { grant: true, text: note }),
    'POST /api/v1/replies/{id}/verify': step('interim', '/verify', { verified: true, text: note }),
    'POST /api/v1/replies/{id}/review': step('acceptance', '/review', { text: note }),
    'POST /api/v1/replies/{id}/revoke': step('false-positive', '/revoke', because),
    'POST /api/v1/replies/{id}/evidence': step('objection', '/evidence', { uploadId: upload }),
    'GET /api/v1/replies/{id}/evidence/{no}': step('objection', '/evidence/1'),
    'GET /api/v1/vetoed-checks': { inside: true },
    'POST /api/v1/vetoed-checks': { payload: { organizationId, check: 'house-audit:other', reason: note } },
    'DELETE /api/v1/vetoed-checks/{id}': { path: `/api/v1/vetoed-checks/${veto}` },
  };
}

function attacksOnFixes({ organization, fix }: Where): Record<string, Attack> {
  const query = `?organizationId=${organization}`;
  return {
    'GET /api/v1/fixes/{id}': { path: `/api/v1/fixes/${fix}`, query },
    'GET /api/v1/fixes/{id}/organizations': { path: `/api/v1/fixes/${fix}/organizations` },
    'GET /api/v1/fixes/{id}/findings': { path: `/api/v1/fixes/${fix}/findings`, query },
  };
}
