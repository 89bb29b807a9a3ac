import {
  ById,
  Campaign,
  CampaignList,
  CampaignQuery,
  CampaignUnitList,
  CampaignUnitQuery,
  CreateCampaign,
} from '@backcheck/contract';
import {
  type CampaignRow,
  campaignUnits,
  findCampaign,
  insertCampaign,
  listCampaigns,
  mayLieBelow,
} from '@backcheck/db';
import { after, KEY_CODE, KEY_ID, pageOf } from '../organizations/keyset.ts';
import { codeTaken, found, refusing } from '../organizations/refusal.ts';
import { viewOrganization } from '../organizations/view.ts';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

const CAMPAIGNS = ['Campaigns'];
const allow = (action: 'read' | 'create') => ({ access: { object: 'campaign', action } as const });

const viewCampaign = ({ id, organizationId, code, title, units, createdAt }: CampaignRow): Campaign => ({
  id,
  organizationId: organizationId === null ? null : String(organizationId),
  code,
  title,
  units,
  createdAt,
});

export function campaignRoutes(app: App): void {
  app.get(
    '/campaigns',
    {
      config: allow('read'),
      schema: {
        tags: CAMPAIGNS,
        summary: 'Campaigns, latest first',
        querystring: CampaignQuery,
        response: { 200: CampaignList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const wanted = { before: after(cursor, KEY_ID), limit: limit + 1 };
      const rows = await request.inScope((tx) => listCampaigns(tx, wanted));
      return pageOf(rows, limit, { view: viewCampaign, key: ({ id }) => [id] });
    },
  );

  app.get(
    '/campaigns/:id/units',
    {
      config: allow('read'),
      schema: {
        tags: CAMPAIGNS,
        summary: 'The organizations in a campaign that the caller sees, in the order of their codes',
        params: ById,
        querystring: CampaignUnitQuery,
        response: { 200: CampaignUnitList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const rows = await request.inScope(async (tx) => {
        found(await findCampaign(tx, request.params.id));
        return campaignUnits(tx, request.params.id, { after: after(cursor, KEY_CODE), limit: limit + 1 });
      });
      return pageOf(rows, limit, { view: viewOrganization, key: ({ code }) => [code] });
    },
  );

  createRoute(app);
}

function createRoute(app: App): void {
  app.post(
    '/campaigns',
    {
      config: allow('create'),
      schema: {
        tags: CAMPAIGNS,
        summary: 'Begin a campaign over chosen organizations',
        body: CreateCampaign,
        response: { 201: Campaign, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { organizationId, code, title, units } = request.body;
      const node = organizationId === undefined ? null : Number(organizationId);
      const made = await request.inScope(async (tx) => {
        if (!(await mayLieBelow(tx, node))) {
          throw node === null ? new Problem('ORGANIZATION_PARENT_NEEDED') : unknown(node);
        }
        const wanted = { organizationId: node, code, title, units: units.map(Number) };
        const row = await refusing(insertCampaign(tx, wanted), { CODE_TAKEN: codeTaken(code) });
        if (row === null) throw unknown(units.join(', '));
        return viewCampaign(row);
      });
      return reply.code(201).send(made);
    },
  );
}

const unknown = (id: number | string): Problem => new Problem('ORGANIZATION_UNKNOWN', { organizationId: id });
