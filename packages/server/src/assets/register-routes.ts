import {
  AddressRange,
  AddressRangeList,
  BalancedAsset,
  BalancedAssetKey,
  BalancedAssetList,
  RegisterQuery,
} from '@backcheck/contract';
import { identifierOfIdentity } from '@backcheck/core';
import {
  balancedAssetsOf,
  changeRegister,
  dhcpRangesOf,
  organizationExists,
  type RegisterChange,
  type Tx,
} from '@backcheck/db';
import { z } from 'zod';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

const ASSETS = ['Assets'];
const READ = { object: 'asset', action: 'read' } as const;
const UPDATE = { object: 'asset', action: 'update' } as const;
const GONE = { 204: z.undefined().describe('Removed, or was not there'), ...PROBLEM_RESPONSES };

export function registerRoutes(app: App, parts: Parts): void {
  addressRangeRoutes(app, parts);
  balancedAssetRoutes(app, parts);
}

function addressRangeRoutes(app: App, parts: Parts): void {
  app.get(
    '/address-ranges',
    {
      config: { access: READ },
      schema: {
        tags: ASSETS,
        summary: 'Ranges of addresses that move from machine to machine (DHCP)',
        querystring: RegisterQuery,
        response: { 200: AddressRangeList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId } = request.query;
      const ranges = await request.inScope((tx) => dhcpRangesOf(tx, Number(organizationId)));
      return { items: ranges.map((cidr) => ({ organizationId, cidr })) };
    },
  );

  app.post(
    '/address-ranges',
    {
      config: { access: UPDATE },
      schema: {
        tags: ASSETS,
        summary: 'Register a DHCP range; what an address alone had closed there is settled anew',
        body: AddressRange,
        response: { 201: AddressRange, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { organizationId, cidr } = request.body;
      await request.inScope((tx) => change(tx, parts, organizationId, { kind: 'add-dhcp-range', cidr }));
      return reply.code(201).send({ organizationId, cidr });
    },
  );

  app.delete(
    '/address-ranges',
    {
      config: { access: UPDATE },
      schema: { tags: ASSETS, summary: 'Remove a DHCP range', querystring: AddressRange, response: GONE },
    },
    async (request, reply) => {
      const { organizationId, cidr } = request.query;
      await request.inScope((tx) => change(tx, parts, organizationId, { kind: 'remove-dhcp-range', cidr }));
      return reply.code(204).send();
    },
  );
}

function balancedAssetRoutes(app: App, parts: Parts): void {
  app.get(
    '/balanced-assets',
    {
      config: { access: READ },
      schema: {
        tags: ASSETS,
        summary: 'Names under which several machines answer in turn',
        querystring: RegisterQuery,
        response: { 200: BalancedAssetList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId } = request.query;
      const rows = await request.inScope((tx) => balancedAssetsOf(tx, Number(organizationId)));
      return { items: rows.map(({ identity, backends }) => ({ organizationId, identity, backends })) };
    },
  );

  app.post(
    '/balanced-assets',
    {
      config: { access: UPDATE },
      schema: {
        tags: ASSETS,
        summary: 'Say how many machines answer under a name; closing then takes several absences over a day',
        body: BalancedAsset,
        response: { 201: BalancedAsset, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { organizationId, identity, backends } = request.body;
      if (identifierOfIdentity(identity) === null) throw new Problem('ASSET_NAME_INVALID', { identity });
      await request.inScope((tx) =>
        change(tx, parts, organizationId, { kind: 'balanced-asset', identity, backends }),
      );
      return reply.code(201).send({ organizationId, identity, backends });
    },
  );

  app.delete(
    '/balanced-assets',
    {
      config: { access: UPDATE },
      schema: {
        tags: ASSETS,
        summary: 'One machine again answers under this name',
        querystring: BalancedAssetKey,
        response: GONE,
      },
    },
    async (request, reply) => {
      const { organizationId, identity } = request.query;
      await request.inScope((tx) =>
        change(tx, parts, organizationId, { kind: 'balanced-asset', identity, backends: null }),
      );
      return reply.code(204).send();
    },
  );
}

async function change(tx: Tx, { clock }: Parts, id: string, wanted: RegisterChange): Promise<void> {
  const organizationId = Number(id);
  if (!(await organizationExists(tx, organizationId))) {
    throw new Problem('ORGANIZATION_UNKNOWN', { organizationId: id });
  }
  const at = clock().toISOString();
  const outcome = await changeRegister(tx, organizationId, { change: wanted, at });
  if (outcome.kind === 'refused') {
    throw new Problem('ADDRESS_RANGE_INVALID', { cidr: 'cidr' in wanted ? wanted.cidr : '' });
  }
}
