import {
  ContactList,
  Notice,
  NoticeList,
  NoticeProposal,
  RegisteredAssetList,
  SentInvitation,
} from '@backcheck/contract';
import { z } from 'zod';
import type { CityClient } from './city-client.ts';

/** What an organization of the city has written down; everybody is invented. */
interface Register {
  readonly name: string;
  readonly system: Readonly<Record<string, unknown>>;
  readonly exposed: 'yes' | 'no';
  readonly duty: string;
  readonly liaison: string;
}

const REGISTERS: readonly Register[] = [
  {
    name: "Qinglu City People's Hospital",
    system: {
      systemCode: 'HIS',
      name: '互联网医院 Online hospital',
      mlpsLevel: '3',
      access: 'internet',
      criticality: 'vital',
    },
    exposed: 'yes',
    duty: '0531-5550 1120',
    liaison: '0531-5550 1102',
  },
  {
    name: 'Qinglu City Waterworks',
    system: {
      systemCode: 'SCADA',
      name: '供水调度系统 Water dispatching',
      mlpsLevel: '3',
      access: 'intranet',
      criticality: 'vital',
    },
    exposed: 'no',
    duty: '0531-5550 2120',
    liaison: '0531-5550 2102',
  },
];

const Made = z.object({ id: z.string() });

/**
 * Registers, and two notices of the signed-in person: one that a lead approved, issued so that its clocks run, and one that
 * waits for approval. What an earlier run made stays as it is.
 */
export async function actInCity(client: CityClient, ids: ReadonlyMap<string, string>): Promise<void> {
  const { items } = NoticeList.parse(await client.get('/notices'));
  if (items.length > 0) return;
  for (const one of REGISTERS) await writeDown(client, ids.get(one.name) ?? '', one);
  const [issued = '', waiting = ''] = REGISTERS.map(({ name }) => ids.get(name) ?? '');
  const first = await submit(client, issued);
  const lead = await inviteLead(client);
  for (const step of ['approve', 'issue']) await lead.post(`/notices/${first}/${step}`, {});
  await submit(client, waiting);
}

async function writeDown(client: CityClient, organizationId: string, of: Register): Promise<void> {
  const post = async (path: string, body: object) =>
    Made.parse(await client.post(path, { organizationId, ...body }));
  const { items: contacts } = ContactList.parse(
    await client.get(`/contacts?organizationId=${organizationId}`),
  );
  if (contacts.length > 0) return;
  await post('/contacts', {
    fields: { role: 'liaison', name: '联络员 Liaison', phone: of.liaison, channel: 'phone', order: 1 },
  });
  await post('/contacts', {
    fields: { role: 'duty-24x7', name: '总值班室 Duty room', phone: of.duty, channel: 'phone', order: 2 },
  });
  const owner = { ownerPerson: '信息科 IT department', ownerPhone: of.liaison };
  const { id: systemId } = await post('/systems', { fields: { ...of.system, ...owner } });
  const { items } = RegisteredAssetList.parse(
    await client.get(`/registered-assets?organizationId=${organizationId}`),
  );
  for (const { id, version } of items)
    await client.patch(`/registered-assets/${id}`, { version, systemId, fields: { exposure: of.exposed } });
}

/** Whoever drafts a notice does not approve it. */
async function inviteLead(client: CityClient): Promise<CityClient> {
  const grant = {
    role: 'coordinator-lead',
    organizationId: null,
    systemId: null,
    campaignId: null,
    expiresAt: null,
  };
  const invitation = {
    email: 'lead@qinglu.example',
    name: '林月 Lin Yue',
    language: 'zh',
    grants: [grant],
  };
  const { link } = SentInvitation.parse(await client.post('/invitations', invitation));
  return client.join(link?.split('#')[1] ?? '');
}

/** The paper that the server proposes; returns its id. */
async function submit(client: CityClient, organizationId: string): Promise<string> {
  const { draft } = NoticeProposal.parse(
    await client.get(`/notices/proposal?kind=rectification&language=both&organizationId=${organizationId}`),
  );
  const { id } = Notice.parse(await client.post('/notices', { organizationId, draft }));
  await client.post(`/notices/${id}/submit`, {});
  return id;
}
