import { AssetChange, ById, MergeAsset, SplitAsset } from '@backcheck/contract';
import {
  type AssetRow,
  findAssets,
  type IdentityDecision,
  type LinkChange,
  type LinkOutcome,
  linksOf,
  lockOrganization,
  mergeAssets,
  splitAsset,
  type Tx,
} from '@backcheck/db';
import type { z } from 'zod';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem, requestInvalid } from '../platform/problem.ts';
import { assetOf } from './find.ts';
import { refusalOf } from './refusal.ts';
import { viewChange } from './view.ts';

const config = { access: { object: 'asset', action: 'update' } } as const;
const schema = { tags: ['Assets'], params: ById, response: { 200: AssetChange, ...PROBLEM_RESPONSES } };

export function linkRoutes(app: App, { clock }: Parts): void {
  app.post(
    '/assets/:id/merge',
    {
      config,
      schema: {
        ...schema,
        summary:
          'Scans of this asset, in that time, are scans of another one; findings follow and are settled',
        body: MergeAsset,
      },
    },
    async (request) => {
      const { params, body } = request;
      const decision = { at: clock().toISOString(), by: callerOf(request).account.name, note: body.note };
      return request.inScope(async (tx) => merge(tx, await assetOf(tx, params.id), { body, decision }));
    },
  );

  app.post(
    '/assets/:id/split',
    {
      config,
      schema: {
        ...schema,
        summary: 'Scans that name `identity`, from a moment on, are of another machine; findings follow',
        body: SplitAsset,
      },
    },
    async (request) => {
      const { params, body } = request;
      const decision = { at: clock().toISOString(), by: callerOf(request).account.name, note: body.note };
      return request.inScope(async (tx) => split(tx, await assetOf(tx, params.id), { body, decision }));
    },
  );
}

interface Wanted<Body> {
  readonly body: Body;
  readonly decision: IdentityDecision;
}

const NOTHING: LinkChange = { visits: 0, findings: 0, superseded: 0, issued: 0 };

async function merge(tx: Tx, asset: AssetRow, { body, decision }: Wanted<z.infer<typeof MergeAsset>>) {
  const organizationId = Number(asset.organization.id);
  const [target] = await findAssets(tx, [body.into]);
  if (target === undefined || target.organization.id !== asset.organization.id) {
    throw new Problem('ASSET_UNKNOWN', { asset: body.into });
  }
  const link = {
    identity: asset.identity,
    target: target.identity,
    from: body.from ?? null,
    until: body.until ?? null,
  };
  if (await stands(tx, organizationId, link)) return { changed: viewChange(NOTHING) };
  return answer(await mergeAssets(tx, organizationId, { link, decision }), asset.identity);
}

async function split(tx: Tx, asset: AssetRow, { body, decision }: Wanted<z.infer<typeof SplitAsset>>) {
  const organizationId = Number(asset.organization.id);
  const { identity } = body;
  const own = identity === asset.identity;
  if (own !== (body.as !== undefined)) {
    throw requestInvalid([
      { field: 'as', message: own ? 'names the new asset' : 'is only for the own name' },
    ]);
  }
  const from = body.at ?? null;
  const target = body.as ?? null;
  if (target === null) await refuseForeignLink(tx, asset, { identity, from });
  else if (await stands(tx, organizationId, { identity, target, from, until: null })) {
    return { changed: viewChange(NOTHING) };
  }
  const outcome = await splitAsset(tx, organizationId, { split: { identity, from, target }, decision });
  return answer(outcome, target ?? identity);
}

/** Only a link to this asset may be ended from here. */
async function refuseForeignLink(
  tx: Tx,
  asset: AssetRow,
  { identity, from }: { readonly identity: string; readonly from: string | null },
): Promise<void> {
  const organizationId = Number(asset.organization.id);
  await lockOrganization(tx, organizationId);
  const ours = (await linksOf(tx, organizationId)).some(
    (one) =>
      one.identity === identity &&
      one.target === asset.identity &&
      (one.from === null || (from !== null && one.from <= from)) &&
      (one.until === null || from === null || from < one.until),
  );
  if (!ours) throw refusalOf('NOT_LINKED', { identity });
}

/** The same request again changes nothing. */
async function stands(
  tx: Tx,
  organizationId: number,
  link: Pick<Awaited<ReturnType<typeof linksOf>>[0], 'identity' | 'target' | 'from' | 'until'>,
): Promise<boolean> {
  await lockOrganization(tx, organizationId);
  const links = await linksOf(tx, organizationId);
  return links.some(
    (one) =>
      one.identity === link.identity &&
      one.target === link.target &&
      one.from === link.from &&
      one.until === link.until,
  );
}

function answer(outcome: LinkOutcome, identity: string) {
  if (outcome.kind === 'refused') throw refusalOf(outcome.code, { identity });
  return { changed: viewChange(outcome.changed) };
}
