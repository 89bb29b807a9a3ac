import {
  ById,
  ChangeRegisteredAsset,
  CreateRegisteredAsset,
  RegisteredAsset,
  RegisteredAssetList,
  RegisteredAssetQuery,
} from '@backcheck/contract';
import { cellProblemText, type Identifier, identifiersOf, type RegisterRecord } from '@backcheck/core';
import {
  type AssetChangeOutcome,
  changeRegisteredAsset,
  findRegisteredAsset,
  findSystem,
  listRegisteredAssets,
  registerAsset,
  type Tx,
} from '@backcheck/db';
import { callerOf } from '../platform/access/guard.ts';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem, requestInvalid } from '../platform/problem.ts';
import { after, KEY_ID, pageOf } from './keyset.ts';
import { readFields } from './read-fields.ts';
import { codeTaken, found, refusing } from './refusal.ts';
import { refuseUnknown } from './system-routes.ts';
import { viewRegisteredAsset } from './view.ts';

const ASSETS = ['Assets'];
const allow = (action: 'read' | 'create' | 'update') => ({ access: { object: 'asset', action } as const });

export function registeredAssetRoutes(app: App): void {
  app.get(
    '/registered-assets',
    {
      config: allow('read'),
      schema: {
        tags: ASSETS,
        summary: 'Assets as people registered them, in the order in which they became known',
        querystring: RegisteredAssetQuery,
        response: { 200: RegisteredAssetList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, cursor, limit, ...query } = request.query;
      const filter = {
        ...query,
        organizationId: organizationId === undefined ? undefined : Number(organizationId),
        after: after(cursor, KEY_ID),
        limit: limit + 1,
      };
      const rows = await request.inScope((tx) => listRegisteredAssets(tx, filter));
      return pageOf(rows, limit, { view: viewRegisteredAsset, key: ({ id }) => [id] });
    },
  );

  app.get(
    '/registered-assets/:id',
    {
      config: allow('read'),
      schema: {
        tags: ASSETS,
        summary: 'What people registered of an asset; also of one that only scans know',
        params: ById,
        response: { 200: RegisteredAsset, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => request.inScope((tx) => assetOf(tx, request.params.id)),
  );

  createRoute(app);
  changeRoute(app);
}

function createRoute(app: App): void {
  app.post(
    '/registered-assets',
    {
      config: allow('create'),
      schema: {
        tags: ASSETS,
        summary: 'Register an asset: the one that scans know by these identifiers, or a new one',
        body: CreateRegisteredAsset,
        response: { 201: RegisteredAsset, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { organizationId, systemId = null, assetId: choice, fields } = request.body;
      const { changes, record } = readFields('asset', fields);
      const identifiers = namesIn(record);
      const made = await request.inScope(async (tx) => {
        await refuseUnknown(tx, organizationId);
        await refuseSystem(tx, systemId, organizationId);
        const wanted = { systemId, changes, identifiers, choice };
        const outcome = await refusing(registerAsset(tx, Number(organizationId), wanted), {
          CODE_TAKEN: codeTaken(changes['assetCode']),
        });
        return assetOf(tx, idOf(outcome));
      });
      return reply.code(201).send(made);
    },
  );
}

function changeRoute(app: App): void {
  app.patch(
    '/registered-assets/:id',
    {
      config: allow('update'),
      schema: {
        tags: ASSETS,
        summary: 'Change what people registered of an asset, or register one that only scans know',
        params: ById,
        body: ChangeRegisteredAsset,
        response: { 200: RegisteredAsset, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { version, systemId, fields } = request.body;
      const by = callerOf(request).account.accountId;
      return request.inScope(async (tx) => {
        const stored = found(await findRegisteredAsset(tx, request.params.id));
        const { changes, record } = readFields('asset', fields, { stored: stored.record });
        await refuseSystem(tx, systemId ?? null, String(stored.organization.organizationId));
        const wanted = { version, systemId, changes, identifiers: namesIn(record), by };
        const outcome = await refusing(changeRegisteredAsset(tx, stored, wanted), {
          CODE_TAKEN: codeTaken(changes['assetCode']),
        });
        return assetOf(tx, idOf(outcome));
      });
    },
  );
}

const assetOf = async (tx: Tx, id: string): Promise<RegisteredAsset> =>
  viewRegisteredAsset(found(await findRegisteredAsset(tx, id)));

function namesIn(record: RegisterRecord): Identifier[] {
  const identifiers = identifiersOf(record);
  if (identifiers.length > 0) return identifiers;
  const { en } = cellProblemText({ code: 'ROW_WITHOUT_IDENTIFIER', facts: {} });
  throw requestInvalid([{ field: 'fields.ips', message: en }]);
}

function idOf(outcome: AssetChangeOutcome): string {
  if (outcome.kind === 'registered') return outcome.id;
  if (outcome.kind === 'stale') throw new Problem('CHANGED_MEANWHILE');
  const names = outcome.candidates.map(({ id, identity }) => `${id} ${identity}`);
  throw new Problem(
    'ASSET_CANDIDATES',
    { assets: names.join(', ') },
    names.map((message) => ({ field: 'assetId', message })),
  );
}

/** Only a system of the asset's own organization, and one that the caller sees. */
async function refuseSystem(tx: Tx, systemId: string | null, organizationId: string): Promise<void> {
  if (systemId === null) return;
  const system = await findSystem(tx, systemId);
  if (String(system?.organization.organizationId) !== organizationId)
    throw new Problem('SYSTEM_UNKNOWN', { systemId });
}
