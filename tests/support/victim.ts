import { ENDS_BY_DATE, OF_ONE_SYSTEM, type Permission, ROLES, type Role, roleMay } from '@backcheck/core';
import { authorized } from '../../packages/server/src/testing/authorize.ts';
import { houseScan } from '../../packages/server/src/testing/house-scan.ts';
import type { RunningApp, Visitor } from '../../packages/server/src/testing/running-app.ts';
import { sarif } from '../../packages/server/src/testing/sarif.ts';
import { buildActions, settled } from './action-victim.ts';
import { type Attack, attacksOn, type Ids, profileOf } from './attacks.ts';

/** Stands in every text of the victim's, and nowhere else. */
export const MARK = 'zebrafish';

/** An organization that has one of everything, and a neighbour of it. */
export interface Victim {
  readonly organizationId: string;
  readonly ids: Ids;
  /** By the name of the operation: "GET /api/v1/findings/{id}". */
  readonly attacks: Readonly<Record<string, Attack>>;
  /** Somebody with this role next door. */
  neighbour(role: Role): Promise<Visitor>;
  /** Somebody inside, with a system that none of the victim's assets is in. */
  ownerOfOtherSystem(): Promise<Visitor>;
  /** Somebody with all roles at once, cut to a campaign of the neighbour, or to that other system. */
  everyRole(cut: 'campaign' | 'system'): Promise<Visitor>;
  /** Somebody of the victim's who may do this, in this role if one is named. */
  insider(permission: Permission, by?: Role): Promise<Visitor>;
  /** A digest of every row that belongs to the victim, by table. */
  fingerprint(): Promise<Record<string, string>>;
}

const IN_A_YEAR = new Date(Date.now() + 365 * 86_400_000).toISOString();

/** Sends what must succeed, and reads one text out of the answer. */
async function made(running: RunningApp, url: string, payload: object, method: 'POST' | 'PUT' = 'POST') {
  const answer = await running.send({ method, url: `/api/v1${url}`, payload });
  if (answer.statusCode >= 300)
    throw new Error(`${method} ${url} answered ${answer.statusCode}: ${answer.body}`);
  return answer.body === '' ? {} : answer.json();
}

async function firstId(running: RunningApp, url: string): Promise<string> {
  const { items } = (await running.get(`/api/v1${url}`)).json();
  const id = items?.[0]?.id;
  if (typeof id !== 'string') throw new Error(`${url} has no item`);
  return id;
}

async function importScans(running: RunningApp, organizationId: string): Promise<string> {
  const name = { kind: 'fqdn', value: `www.${MARK}.example` } as const;
  const address = { kind: 'ip', value: '192.0.2.7' } as const;
  const agent = { kind: 'agent', value: `${MARK}-agent` } as const;
  const files = [
    houseScan({ at: '2026-01-01T10:00:00Z', assets: [[name], [address]], present: true }),
    // the same address with an agent: a question of identity; and both proved clean
    houseScan({ at: '2026-01-02T10:00:00Z', assets: [[name], [agent, address]], present: false }),
    houseScan({ at: '2026-01-03T10:00:00Z', assets: [[{ kind: 'ip', value: '192.0.2.8' }]], present: true }),
  ];
  for (const file of files) {
    const sent = (await running.upload(file, { organizationId, confirm: 'true' })).json();
    const { problem } = await running.settled(sent.id);
    if (problem !== null) throw new Error(`the victim's scan was refused: ${problem.code}`);
  }
  const waiting = (
    await running.upload(sarif([`${MARK}-1`], '2026-02-01T10:00:00Z'), { organizationId })
  ).json();
  await running.settled(waiting.id);
  return waiting.id;
}

async function buildRecords(running: RunningApp, organizationId: string) {
  const fields = { name: `${MARK} system` };
  const system = await made(running, '/systems', {
    organizationId,
    fields: {
      systemCode: 'S-1',
      mlpsLevel: '3',
      ownerPerson: `${MARK} owner`,
      ownerPhone: '13800000000',
      ...fields,
    },
  });
  const contact = await made(running, '/contacts', {
    organizationId,
    fields: { role: 'technical', name: `${MARK} person`, mobile: '13800000001' },
  });
  const keyList = await made(running, '/key-lists', {
    organizationId,
    name: `${MARK} list`,
    purpose: 'protection',
  });
  await made(running, `/key-lists/${keyList.id}/members/organization/${organizationId}`, {}, 'PUT');
  const campaign = await made(running, '/campaigns', {
    organizationId,
    code: `${MARK}-2026`,
    title: `${MARK} campaign`,
    units: [organizationId],
  });
  const registered = await made(running, '/registered-assets', {
    organizationId,
    systemId: system.id,
    fields: { assetCode: 'A-1', type: 'server', name: `${MARK} server`, ips: ['198.51.100.9'] },
  });
  await made(running, '/address-ranges', { organizationId, cidr: '198.51.100.0/24' });
  await made(running, '/balanced-assets', {
    organizationId,
    identity: `fqdn:lb.${MARK}.example`,
    backends: 2,
  });
  const profile = await made(running, '/scan-profiles', {
    organizationId,
    content: profileOf(`${MARK}-profile`),
  });
  const claim = await made(running, '/ownership/claims', {
    organizationId,
    kind: 'domain',
    value: `${MARK}.example`,
    note: `${MARK} claims it`,
  });
  return { system, contact, keyList, campaign, registered, profile, claim };
}

async function importSheet(running: RunningApp, organizationId: string): Promise<string> {
  const csv = `系统编码,系统名称,单位编码\nS-9,${MARK} sheet,none\n`;
  const payload = new FormData();
  payload.set('organizationId', organizationId);
  payload.set('file', new Blob([csv]), `${MARK}.csv`);
  const answer = await running.send({ method: 'POST', url: '/api/v1/register-imports', payload });
  if (answer.statusCode >= 300) throw new Error(`the sheet was refused: ${answer.body}`);
  return answer.json().id;
}

async function buildPeople(running: RunningApp, organizationId: string) {
  const liaison = await running.visitor(`${MARK} liaison`, [
    { role: 'liaison', organizationId: Number(organizationId) },
  ]);
  const key = await liaison.send({
    method: 'POST',
    url: '/api/v1/api-keys',
    payload: { name: `${MARK} key` },
  });
  const sessions = (await liaison.get('/api/v1/sessions')).json();
  const grants = (await running.get(`/api/v1/accounts/${liaison.accountId}/grants`)).json();
  const invitation = await made(running, '/invitations', {
    email: `somebody@${MARK}.example`,
    name: `${MARK} guest`,
    language: 'en',
    grants: [{ role: 'liaison', organizationId }],
  });
  return {
    account: String(liaison.accountId),
    apiKey: key.json().id,
    session: sessions.items[0].id,
    grant: grants.items[0].id,
    invitation: invitation.id,
  };
}

/** What the victim signed, claimed and asked for, and a runner inside. */
async function buildRetests(running: RunningApp, organizationId: string, finding: string) {
  const authorization = await authorized(running, organizationId, { title: `${MARK} autumn` });
  const claim = { findingIds: [finding], cause: 'other', measure: `${MARK} measure` };
  const fixClaim = await made(running, '/fix-claims', claim);
  const evidence = new FormData();
  evidence.set('file', new Blob([`${MARK} evidence`]), `${MARK}.txt`);
  await made(running, `/fix-claims/${fixClaim.id}/evidence`, evidence);
  const retest = await made(running, '/retests', { findingIds: [finding], note: `${MARK} note` });
  const runner = await made(running, '/runners', { organizationId, name: `${MARK} runner`, vantage: MARK });
  const lookBack = await made(running, '/look-backs', {
    organizationId,
    title: `${MARK} look-back`,
    rule: {},
    sample: null,
  });
  return {
    authorization: authorization.id,
    fixClaim: fixClaim.id,
    retest: retest.id,
    runner: runner.runner.id,
    lookBack: lookBack.id,
  };
}

/** One without the mark. */
const plainSystem = (running: RunningApp, organizationId: string) =>
  made(running, '/systems', {
    organizationId,
    fields: {
      systemCode: 'S-0',
      name: 'Kitchen',
      mlpsLevel: '2',
      ownerPerson: 'Cook',
      ownerPhone: '13800000005',
    },
  });

export async function buildVictim(running: RunningApp): Promise<Victim> {
  const organizationId = (await made(running, '/organizations', { name: `${MARK} hospital` })).id;
  const next = (await made(running, '/organizations', { name: 'The neighbour' })).id;
  const nextSystem = await plainSystem(running, next);
  const otherSystem = await plainSystem(running, organizationId);
  const nextCampaign = await made(running, '/campaigns', { code: 'N-2026', title: 'Theirs', units: [next] });
  const waitingImport = await importScans(running, organizationId);
  const records = await buildRecords(running, organizationId);
  const closed = (
    await running.get(`/api/v1/findings?organizationId=${organizationId}&state=verified-fixed`)
  ).json();
  const assets = (await running.get(`/api/v1/assets?organizationId=${organizationId}`)).json().items;
  const ids: Ids = {
    ...(await buildActions(running, organizationId, MARK)),
    organization: organizationId,
    system: records.system.id,
    contact: records.contact.id,
    keyList: records.keyList.id,
    campaign: records.campaign.id,
    registered: records.registered.id,
    profile: records.profile.id,
    claim: records.claim.id,
    registerImport: await importSheet(running, organizationId),
    waitingImport,
    finding: closed.items[0].id,
    certificate: closed.items[0].certificateId,
    asset: assets[0].id,
    otherAsset: assets[1].id,
    task: await firstId(running, `/identity-tasks?organizationId=${organizationId}`),
    ...(await buildPeople(running, organizationId)),
    ...(await buildRetests(running, organizationId, closed.items[0].id)),
  };
  await settled(running);
  return {
    organizationId,
    ids,
    attacks: attacksOn(ids),
    neighbour: (role) => personOf(running, role, { organizationId: next, systemId: nextSystem.id }),
    ownerOfOtherSystem: () => personOf(running, 'system-owner', { organizationId, systemId: otherSystem.id }),
    everyRole: (cut) => {
      const toCampaign = { campaignId: Number(nextCampaign.id) };
      const toSystem = { organizationId: Number(organizationId), systemId: Number(otherSystem.id) };
      const limits = cut === 'campaign' ? toCampaign : toSystem;
      return running.visitor(
        `Everything of a ${cut}`,
        ROLES.map((role) => ({ role, ...limits })),
      );
    },
    insider: (permission, by) => {
      const role = (by === undefined ? ROLES : [by]).find(
        (one) => roleMay(one, permission) && !OF_ONE_SYSTEM.includes(one),
      );
      if (role === undefined) throw new Error(`nobody may ${permission.action} ${permission.object}`);
      return personOf(running, role, { organizationId, systemId: ids.system });
    },
    fingerprint: () => fingerprintOf(running, organizationId),
  };
}

function personOf(
  running: RunningApp,
  role: Role,
  at: { organizationId: string; systemId: string },
): Promise<Visitor> {
  return running.visitor(`${role} of ${at.organizationId}`, [
    {
      role,
      organizationId: Number(at.organizationId),
      systemId: OF_ONE_SYSTEM.includes(role) ? Number(at.systemId) : null,
      expiresAt: ENDS_BY_DATE.includes(role) ? IN_A_YEAR : null,
    },
  ]);
}

/** Rows that speak of the victim only because somebody knocked: the log of what was tried, and its seals. */
const OF_THE_KNOCKING: Readonly<Record<string, string>> = {
  audit_entry: 'true',
  ledger: `entry ->> 'kind' = 'audit'`,
};

async function fingerprintOf({ parts: { widePool } }: RunningApp, organizationId: string) {
  const { rows } = await widePool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'organization_id' and not a.attisdropped
     order by 1`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of rows) {
    const { rows: found } = await widePool.query<{ digest: string | null }>(
      `select md5(string_agg(t::text, ' ' order by t::text)) as digest from ${name} t
       where organization_id = $1 and not (${OF_THE_KNOCKING[name] ?? 'false'})`,
      [organizationId],
    );
    digests[name] = found[0]?.digest ?? 'empty';
  }
  const uploads = await widePool.query<{ digest: string }>(
    `select md5(string_agg(t::text, ' ' order by t::text)) as digest from upload t where file_name like $1`,
    [`${MARK}%`],
  );
  digests['upload'] = uploads.rows[0]?.digest ?? 'empty';
  return digests;
}
