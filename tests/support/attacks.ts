import type { Role } from '@backcheck/core';
import { sarif } from '../../packages/server/src/testing/sarif.ts';
import { type ActionIds, attacksOnActions } from './action-attacks.ts';

/** How an operation is made to mean the victim. */
export interface Attack {
  /** With the victim's ids in it. */
  readonly path?: string;
  readonly query?: string;
  readonly payload?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** It belongs to everybody: a stranger may have it, too. */
  readonly shared?: boolean;
  /** It belongs to everybody in the organization, also to who has one system of it. */
  readonly inside?: boolean;
  /** It is the installation's: nobody who has a part of it does this. */
  readonly installation?: boolean;
  /** Of the roles that may, the one whose turn it is. */
  readonly by?: Role;
}

/** One record of each kind of the victim. */
export interface Ids extends ActionIds {
  readonly organization: string;
  readonly system: string;
  readonly contact: string;
  readonly keyList: string;
  readonly campaign: string;
  readonly registered: string;
  readonly waitingImport: string;
  readonly finding: string;
  readonly certificate: string;
  readonly asset: string;
  readonly otherAsset: string;
  readonly task: string;
  readonly profile: string;
  readonly account: string;
  readonly grant: string;
  readonly invitation: string;
  readonly apiKey: string;
  readonly session: string;
  readonly claim: string;
  readonly registerImport: string;
  readonly authorization: string;
  readonly retest: string;
  readonly fixClaim: string;
  readonly runner: string;
  readonly lookBack: string;
}

export const profileOf = (profile: string) => ({
  profile,
  version: 1,
  tool: 'house-audit',
  title: { en: profile, zh: profile },
  supplies: [{ assumption: 'A-launched', transport: 'tcp', ports: '1-65535', checks: { all: true } }],
});

function form(fields: Readonly<Record<string, string>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  data.set('file', new Blob([sarif(['R1'], '2026-03-01T10:00:00Z')]), 'scan.json');
  return data;
}

const note = 'tried by a stranger';

/** What to send so that each operation would reach the victim, by the operation's name. */
export function attacksOn(ids: Ids): Record<string, Attack> {
  return {
    ...attacksOnPeople(ids),
    ...attacksOnRegisters(ids),
    ...attacksOnKeyLists(ids),
    ...attacksOnScans(ids),
    ...attacksOnSheets(ids),
    ...attacksOnOwnership(ids),
    ...attacksOnRetests(ids),
    ...attacksOnRunners(ids),
    ...attacksOnLookBacks(ids),
    ...attacksOnActions(ids),
  };
}

function attacksOnPeople({
  account,
  grant,
  invitation,
  apiKey,
  session,
  organization,
}: Ids): Record<string, Attack> {
  const email = 'stranger@example.org';
  const password = 'a password of nobody at all';
  return {
    'POST /api/v1/sign-in': { payload: { email, password } },
    'POST /api/v1/sign-in/two-factor': { payload: { code: '000000' } },
    'POST /api/v1/invitations/look': { payload: { token: 'guessed' } },
    'POST /api/v1/invitations/accept': { payload: { token: 'guessed', password } },
    'POST /api/v1/password': { payload: { current: password, password: `${password} 2` } },
    'POST /api/v1/password-resets': { payload: { email } },
    'POST /api/v1/password-resets/accept': { payload: { token: 'guessed', password } },
    'POST /api/v1/two-factor': { payload: { password } },
    'POST /api/v1/two-factor/confirm': { payload: { code: '000000' } },
    'POST /api/v1/two-factor/off': { payload: { password } },
    'POST /api/v1/two-factor/recovery-codes': { payload: { password } },
    'DELETE /api/v1/sessions/{id}': { path: `/api/v1/sessions/${session}` },
    'POST /api/v1/api-keys': { payload: { name: 'mine' } },
    'DELETE /api/v1/api-keys/{id}': { path: `/api/v1/api-keys/${apiKey}` },
    'GET /api/v1/accounts/{id}': { path: `/api/v1/accounts/${account}` },
    'POST /api/v1/accounts/{id}/disable': { path: `/api/v1/accounts/${account}/disable` },
    'POST /api/v1/accounts/{id}/enable': { path: `/api/v1/accounts/${account}/enable` },
    'POST /api/v1/accounts/{id}/end-sessions': { path: `/api/v1/accounts/${account}/end-sessions` },
    'POST /api/v1/accounts/{id}/reset-two-factor': { path: `/api/v1/accounts/${account}/reset-two-factor` },
    'POST /api/v1/invitations': {
      payload: {
        email,
        name: 'Mole',
        language: 'en',
        grants: [{ role: 'liaison', organizationId: organization }],
      },
    },
    'POST /api/v1/invitations/{id}/resend': { path: `/api/v1/invitations/${invitation}/resend` },
    'DELETE /api/v1/invitations/{id}': { path: `/api/v1/invitations/${invitation}` },
    // those that are within the caller's: an empty list, as of an account that is not there
    'GET /api/v1/accounts/{id}/grants': { path: `/api/v1/accounts/${account}/grants`, shared: true },
    'POST /api/v1/accounts/{id}/grants': {
      path: `/api/v1/accounts/${account}/grants`,
      payload: { role: 'observer', organizationId: organization },
    },
    'DELETE /api/v1/grants/{id}': { path: `/api/v1/grants/${grant}` },
  };
}

function attacksOnRegisters(ids: Ids): Record<string, Attack> {
  const { organization: organizationId } = ids;
  const one = (of: string, id: string): string => `/api/v1/${of}/${id}`;
  const place = { payload: { organizationId, cidr: '203.0.113.0/24' } };
  return {
    'POST /api/v1/organizations': { payload: { name: 'Below', parentId: organizationId } },
    'GET /api/v1/organizations/tree': { query: `?parent=${organizationId}` },
    'GET /api/v1/organizations': { query: `?below=${organizationId}` },
    'GET /api/v1/organizations/{id}': { path: one('organizations', organizationId) },
    'PATCH /api/v1/organizations/{id}': {
      path: one('organizations', organizationId),
      payload: { version: 1, fields: { shortName: 'Ours' } },
    },
    'GET /api/v1/organizations/{id}/changes': { path: `${one('organizations', organizationId)}/changes` },
    'POST /api/v1/systems': {
      payload: {
        organizationId,
        fields: { systemCode: 'S-2', name: 'x', mlpsLevel: '2', ownerPerson: 'x', ownerPhone: '13800000003' },
      },
    },
    'GET /api/v1/systems/{id}': { path: one('systems', ids.system) },
    'PATCH /api/v1/systems/{id}': {
      path: one('systems', ids.system),
      payload: { version: 1, fields: { name: 'Ours' } },
    },
    'POST /api/v1/contacts': {
      payload: { organizationId, fields: { role: 'technical', name: 'x', mobile: '13800000004' } },
    },
    'PATCH /api/v1/contacts/{id}': {
      path: one('contacts', ids.contact),
      payload: { version: 1, fields: { name: 'Ours' } },
    },
    'DELETE /api/v1/contacts/{id}': { path: one('contacts', ids.contact), query: '?version=1' },
    'POST /api/v1/contacts/{id}/verify': { path: `${one('contacts', ids.contact)}/verify` },
    'POST /api/v1/registered-assets': {
      payload: {
        organizationId,
        fields: { assetCode: 'A-9', type: 'server', name: 'x', ips: ['198.51.100.77'] },
      },
    },
    'GET /api/v1/registered-assets/{id}': { path: one('registered-assets', ids.registered) },
    'PATCH /api/v1/registered-assets/{id}': {
      path: one('registered-assets', ids.registered),
      payload: { version: 1, fields: { name: 'Ours' } },
    },
    'POST /api/v1/campaigns': { payload: { organizationId, code: 'x', title: 'x', units: [organizationId] } },
    'GET /api/v1/campaigns/{id}/units': { path: `${one('campaigns', ids.campaign)}/units` },
    'POST /api/v1/address-ranges': place,
    'DELETE /api/v1/address-ranges': { query: `?organizationId=${organizationId}&cidr=198.51.100.0/24` },
    'POST /api/v1/balanced-assets': { payload: { organizationId, identity: 'ip:192.0.2.99', backends: 3 } },
    'DELETE /api/v1/balanced-assets': { query: `?organizationId=${organizationId}&identity=ip:192.0.2.99` },
  };
}

function attacksOnKeyLists({ organization: organizationId, keyList, system }: Ids): Record<string, Attack> {
  const one = `/api/v1/key-lists/${keyList}`;
  const member = `${one}/members/system/${system}`;
  return {
    'POST /api/v1/key-lists': { payload: { organizationId, name: 'x', purpose: 'drill' } },
    'GET /api/v1/key-lists/{id}': { path: one },
    'PATCH /api/v1/key-lists/{id}': {
      path: one,
      payload: { version: 1, name: 'x', purpose: 'drill' },
    },
    'GET /api/v1/key-lists/{id}/members': { path: `${one}/members` },
    'PUT /api/v1/key-lists/{id}/members/{kind}/{memberId}': { path: member },
    'DELETE /api/v1/key-lists/{id}/members/{kind}/{memberId}': { path: member },
  };
}

function attacksOnScans(ids: Ids): Record<string, Attack> {
  const { organization: organizationId } = ids;
  const at = (path: string): Attack => ({ path: `/api/v1/${path}` });
  return {
    'POST /api/v1/scan-profiles': { payload: { organizationId, content: profileOf('theirs') } },
    'POST /api/v1/scan-profiles/{id}/retire': at(`scan-profiles/${ids.profile}/retire`),
    'POST /api/v1/imports': { payload: form({ organizationId }) },
    'GET /api/v1/imports/{id}': at(`imports/${ids.waitingImport}`),
    'POST /api/v1/imports/{id}/confirm': at(`imports/${ids.waitingImport}/confirm`),
    'POST /api/v1/imports/{id}/discard': at(`imports/${ids.waitingImport}/discard`),
    'GET /api/v1/assets/{id}': at(`assets/${ids.asset}`),
    'POST /api/v1/identity-tasks/{id}/resolve': {
      ...at(`identity-tasks/${ids.task}/resolve`),
      payload: { outcome: 'different', note },
    },
    'POST /api/v1/assets/{id}/merge': {
      ...at(`assets/${ids.asset}/merge`),
      payload: { into: ids.otherAsset, note },
    },
    'POST /api/v1/assets/{id}/split': {
      ...at(`assets/${ids.asset}/split`),
      payload: { identity: 'ip:192.0.2.7', note },
    },
    'GET /api/v1/findings/export': { path: '/api/v1/findings/export', query: '?format=csv' },
    'GET /api/v1/findings/{id}': at(`findings/${ids.finding}`),
    'GET /api/v1/findings/{id}/problem': at(`findings/${ids.finding}/problem`),
    'GET /api/v1/findings/{id}/history': at(`findings/${ids.finding}/history`),
    'GET /api/v1/certificates/{id}': at(`certificates/${ids.certificate}`),
    'GET /api/v1/certificates/{id}/paper': at(`certificates/${ids.certificate}/paper`),
    // by its hash: it would have to be guessed, for whoever was given the certificate may ask
    'GET /api/v1/public/certificates/{sha256}': at(`public/certificates/${'0'.repeat(64)}`),
    'GET /api/v1/certificates/{id}/status': at(`certificates/${ids.certificate}/status`),
    // by the name that the client's product has: it would have to be guessed, which costs the stranger nothing here
    'POST /api/v2/import-scan/': {
      payload: form({ scan_type: 'SARIF', product_name: 'no such', engagement_name: 'x' }),
    },
    'POST /api/v2/reimport-scan/': {
      payload: form({ scan_type: 'SARIF', product_name: 'no such', engagement_name: 'x' }),
    },
  };
}

function attacksOnSheets({ organization: organizationId, registerImport }: Ids): Record<string, Attack> {
  const one = `/api/v1/register-imports/${registerImport}`;
  const payload = new FormData();
  payload.set('organizationId', organizationId);
  payload.set('file', new Blob(['a,b\n1,2\n']), 'sheet.csv');
  return {
    // a sheet is its sender's; what it may change is seen when it is applied
    'POST /api/v1/register-imports': { payload, inside: true },
    'GET /api/v1/register-imports/{id}': { path: one },
    'GET /api/v1/register-imports/{id}/rows': { path: `${one}/rows` },
    'PUT /api/v1/register-imports/{id}/mapping': {
      path: `${one}/mapping`,
      payload: { sheets: [{ kind: null, columns: [null, null, null] }] },
    },
    'POST /api/v1/register-imports/{id}/apply': { path: `${one}/apply`, payload: {} },
    'POST /api/v1/register-imports/{id}/undo': { path: `${one}/undo` },
    // nobody's: the same file for everybody
    'GET /api/v1/registers/templates/{name}': { path: '/api/v1/registers/templates/systems', shared: true },
  };
}

function attacksOnOwnership(ids: Ids): Record<string, Attack> {
  const { organization: organizationId, asset, claim } = ids;
  const at = (path: string): string => `/api/v1/assets/${asset}/${path}`;
  return {
    'POST /api/v1/ownership/claims': {
      payload: { organizationId, kind: 'range', value: '203.0.113.0/24', note },
    },
    'DELETE /api/v1/ownership/claims/{id}': { path: `/api/v1/ownership/claims/${claim}` },
    'GET /api/v1/assets/{id}/ownership': { path: at('ownership') },
    'POST /api/v1/assets/{id}/not-ours': { path: at('not-ours'), payload: { reason: note } },
    'POST /api/v1/assets/{id}/ours-after-all': { path: at('ours-after-all'), payload: { note } },
    'POST /api/v1/assets/{id}/hand-over': { path: at('hand-over'), payload: { organizationId, note } },
    'POST /api/v1/ownership/hand-overs': { payload: { organizationId, note, assetIds: [asset] } },
  };
}

const AUTHORIZATION_TERMS = {
  title: 'Ours',
  ranges: ['192.0.2.0/24'],
  names: [],
  allowed: ['tls'],
  timeZone: 'UTC',
  rate: 10,
  stopContact: { name: 'x', phone: '13800000008' },
  signedBy: 'x',
  validFrom: '2026-01-01T00:00:00Z',
  expiresAt: '2026-12-31T00:00:00Z',
};

function attacksOnRetests({
  organization: organizationId,
  finding,
  authorization,
  retest,
  fixClaim,
}: Ids): Record<string, Attack> {
  const at = (path: string, payload?: object): Attack => ({
    path: `/api/v1/${path}`,
    ...(payload === undefined ? {} : { payload }),
  });
  const evidence = new FormData();
  evidence.set('file', new Blob(['x']), 'x.txt');
  return {
    'POST /api/v1/authorizations': {
      payload: form({ organizationId, terms: JSON.stringify(AUTHORIZATION_TERMS) }),
    },
    'GET /api/v1/authorizations': { inside: true },
    'GET /api/v1/authorizations/{id}': { ...at(`authorizations/${authorization}`), inside: true },
    'GET /api/v1/authorizations/{id}/document': at(`authorizations/${authorization}/document`),
    'POST /api/v1/authorizations/{id}/approve': at(`authorizations/${authorization}/approve`),
    // in an emergency by whoever sees it
    'POST /api/v1/authorizations/{id}/stop': { ...at(`authorizations/${authorization}/stop`), inside: true },
    'POST /api/v1/authorizations/{id}/resume': at(`authorizations/${authorization}/resume`),
    'POST /api/v1/authorizations/{id}/revoke': at(`authorizations/${authorization}/revoke`),
    'POST /api/v1/retests/plan': { payload: { findingIds: [finding] } },
    'POST /api/v1/retests': { payload: { findingIds: [finding], note } },
    'GET /api/v1/retests': { query: `?organizationId=${organizationId}&findingId=${finding}` },
    'GET /api/v1/retests/{id}': at(`retests/${retest}`),
    'POST /api/v1/retests/{id}/stop': at(`retests/${retest}/stop`),
    'GET /api/v1/findings/{id}/retests': at(`findings/${finding}/retests`),
    'POST /api/v1/fix-claims': { payload: { findingIds: [finding], cause: 'other', measure: note } },
    'GET /api/v1/fix-claims/{id}': at(`fix-claims/${fixClaim}`),
    'POST /api/v1/fix-claims/{id}/sign': { ...at(`fix-claims/${fixClaim}/sign`), by: 'security-lead' },
    'POST /api/v1/fix-claims/{id}/evidence': at(`fix-claims/${fixClaim}/evidence`, evidence),
    'GET /api/v1/fix-claims/{id}/evidence/{no}': at(`fix-claims/${fixClaim}/evidence/1`),
  };
}

/** What a runner asks is asked here by a person, whose cookie opens nothing there. */
function attacksOnRunners({ organization: organizationId, runner }: Ids): Record<string, Attack> {
  return {
    'POST /api/v1/runners': { payload: { organizationId, name: 'mole', vantage: 'inside' } },
    'POST /api/v1/runners/{id}/revoke': { path: `/api/v1/runners/${runner}/revoke` },
    'POST /api/v1/runner/hello': { payload: { version: '1', publicKey: 'a'.repeat(64), tools: [] } },
    'POST /api/v1/runner/take': { payload: { most: 5 } },
    'POST /api/v1/runner/beat': { payload: { leases: [] } },
    'POST /api/v1/runner/results': { payload: { result: '{}' } },
  };
}

function attacksOnLookBacks({ organization: organizationId, lookBack }: Ids): Record<string, Attack> {
  const one = `/api/v1/look-backs/${lookBack}`;
  const plan = `/api/v1/organizations/${organizationId}/rescan-plan`;
  const catalogue = {
    catalogVersion: '2026.01.01',
    dateReleased: '2026-01-01T00:00:00Z',
    count: 0,
    vulnerabilities: [],
  };
  return {
    'POST /api/v1/look-backs': { payload: { organizationId, title: 'Ours', rule: {}, sample: null } },
    'GET /api/v1/look-backs/{id}': { path: one },
    'GET /api/v1/look-backs/{id}/findings': { path: `${one}/findings` },
    'GET /api/v1/look-backs/{id}/population': { path: `${one}/population` },
    'POST /api/v1/look-backs/{id}/draw': { path: `${one}/draw` },
    'POST /api/v1/look-backs/{id}/start': { path: `${one}/start` },
    'GET /api/v1/organizations/{id}/rescan-plan': { path: plan },
    'PUT /api/v1/organizations/{id}/rescan-plan': { path: plan, payload: { on: true } },
    'PUT /api/v1/known-exploited': { payload: catalogue },
  };
}
