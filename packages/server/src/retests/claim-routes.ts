import { ById, ClaimFix, EvidenceParams, FixClaim } from '@backcheck/contract';
import {
  type FixClaimRow,
  findFixClaim,
  findFixClaimByKey,
  insertFixClaim,
  insertFixEvidence,
  lockFixClaim,
  signFixClaim,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { fileOfUpload } from '../evidence/from-upload.ts';
import { passScanner } from '../evidence/pass-scanner.ts';
import { callerOf } from '../platform/access/guard.ts';
import { receiveForm, validateAllButBody } from '../platform/files/receive-form.ts';
import { FILE_RESPONSE, sendFile } from '../platform/files/send-file.ts';
import { IdempotencyKey, requestSha256 } from '../platform/idempotency-key.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { ownsRisks, rolesAt } from '../replies/roles.ts';
import { findingsOfOne } from './plan-retest.ts';
import { viewClaim } from './view-claims.ts';

const TAGS = ['Retests'];
const CREATE = { object: 'retest', action: 'create' } as const;
const READ = { object: 'retest', action: 'read' } as const;
const SIGN = { object: 'retest', action: 'approve' } as const;

export function fixClaimRoutes(app: App, parts: Parts): void {
  claimRoute(app, parts);
  readRoute(app, parts);
  signRoute(app, parts);
  addEvidenceRoute(app, parts);
  readEvidenceRoute(app, parts);
}

function claimRoute(app: App, parts: Parts): void {
  app.post(
    '/fix-claims',
    {
      config: { access: CREATE },
      schema: {
        tags: TAGS,
        summary: 'Say that findings are fixed, with cause and measure: a claim, which closes nothing',
        headers: IdempotencyKey,
        body: ClaimFix,
        response: { 201: FixClaim, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const now = parts.clock();
      const claimed = await request.inScope(async (tx) => {
        const claim = await claimFix(tx, parts, { request, body: request.body, now });
        request.audit = {
          ...request.audit,
          organizationId: claim.organizationId,
          objectId: `fix-claims/${claim.id}`,
        };
        return viewClaim(tx, claim, now);
      });
      return reply.code(201).header('location', `/api/v1/fix-claims/${claimed.id}`).send(claimed);
    },
  );
}

interface Claiming {
  readonly request: FastifyRequest;
  readonly body: ClaimFix;
  readonly now: Date;
}

async function claimFix(tx: Tx, parts: Parts, { request, body, now }: Claiming): Promise<FixClaimRow> {
  const { organizationId, findings } = await findingsOfOne(tx, body.findingIds);
  const { account: sender } = callerOf(request);
  const key = IdempotencyKey.parse(request.headers)['idempotency-key'] ?? null;
  const sha256 = requestSha256(body);
  const id = await insertFixClaim(tx, {
    organizationId,
    findingIds: findings.map(({ findingId }) => findingId),
    cause: body.cause,
    measure: body.measure,
    similar: body.similar,
    feedback: {
      fixedOn: body.fixedOn ?? null,
      fixedBy: body.fixedBy ?? null,
      answerable: body.answerable ?? null,
      residualRisk: body.residualRisk ?? null,
    },
    claimedBy: sender,
    claimedAt: now.toISOString(),
    signed: ownsRisks(await rolesAt(tx, request, organizationId)),
    idempotencyKey: key,
    requestSha256: sha256,
  });
  if (id !== null) {
    await attach(tx, parts, {
      claim: { id, organizationId },
      uploadIds: body.uploadIds,
      accountId: sender.accountId,
      now,
    });
    return claimOf(tx, id);
  }
  const before = key === null ? null : await findFixClaimByKey(tx, sender.accountId, key);
  if (before === null) throw new Error('A claim was neither inserted nor found by its key');
  if (before.requestSha256 !== sha256) throw new Problem('IDEMPOTENCY_KEY_REUSED');
  return before;
}

interface Attaching extends Pick<Claiming, 'now'> {
  readonly claim: Pick<FixClaimRow, 'id' | 'organizationId'>;
  readonly uploadIds: readonly string[];
  readonly accountId: number;
}

async function attach(tx: Tx, parts: Parts, { claim, uploadIds, accountId, now }: Attaching): Promise<void> {
  for (const uploadId of uploadIds) {
    const file = await fileOfUpload(tx, parts, { uploadId, accountId });
    await insertFixEvidence(tx, { claim, ...file, addedBy: accountId, addedAt: now.toISOString() });
  }
}

function readRoute(app: App, { clock }: Parts): void {
  app.get(
    '/fix-claims/:id',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'One claim of a fix, with its evidence files',
        params: ById,
        response: { 200: FixClaim, ...PROBLEM_RESPONSES },
      },
    },
    async (request) =>
      request.inScope(async (tx) => viewClaim(tx, await claimOf(tx, request.params.id), clock())),
  );
}

function signRoute(app: App, { clock }: Parts): void {
  app.post(
    '/fix-claims/:id/sign',
    {
      config: { access: SIGN },
      schema: {
        tags: TAGS,
        summary:
          'Stand for a claim as the leader: the organization’s security lead; once, and it delays nothing',
        params: ById,
        response: { 200: FixClaim, ...PROBLEM_RESPONSES },
      },
    },
    (request) => request.inScope((tx) => sign(tx, request, clock())),
  );
}

/** One that is signed stays as it is. */
async function sign(
  tx: Tx,
  request: FastifyRequest<{ Params: { id: string } }>,
  now: Date,
): Promise<FixClaim> {
  const { id } = request.params;
  const row = await lockFixClaim(tx, id);
  if (row === null) throw new Problem('NOT_FOUND');
  request.audit = {
    ...request.audit,
    organizationId: row.organizationId,
    objectId: `fix-claims/${id}`,
  };
  if (!ownsRisks(await rolesAt(tx, request, row.organizationId))) throw new Problem('FORBIDDEN');
  const claim = await viewClaim(tx, row, now);
  if (claim.signed !== null) return claim;
  if (!claim.open) throw new Problem('FIX_CLAIM_DECIDED');
  const { accountId, name } = callerOf(request).account;
  const at = now.toISOString();
  await signFixClaim(tx, row, { by: accountId, at });
  return { ...claim, signed: { by: { id: `${accountId}`, name }, at } };
}

function addEvidenceRoute(app: App, parts: Parts): void {
  app.post(
    '/fix-claims/:id/evidence',
    {
      config: { access: CREATE },
      validatorCompiler: validateAllButBody,
      schema: {
        tags: TAGS,
        summary: 'Add one file to a claim, of any kind',
        consumes: ['multipart/form-data'],
        params: ById,
        body: z.object({ file: z.file() }),
        response: { 201: FixClaim, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { accountId } = callerOf(request).account;
      const { id } = request.params;
      const { file, fileName } = await receiveForm(request, parts, { read: () => null, most: 0 });
      try {
        // before the scanner puts it into the store: nobody fills that who may not add it
        await request.inScope((tx) => claimOf(tx, id));
        await passScanner(parts, { file, fileName });
        const row = await request.inScope(async (tx) => {
          const claim = await claimOf(tx, id);
          request.audit.organizationId = claim.organizationId;
          await file.keep();
          const addedAt = parts.clock().toISOString();
          await insertFixEvidence(tx, { claim, fileName, ...file, addedBy: accountId, addedAt });
          return viewClaim(tx, await claimOf(tx, id), parts.clock());
        });
        return reply.code(201).send(row);
      } catch (error) {
        await file.drop();
        throw error;
      }
    },
  );
}

function readEvidenceRoute(app: App, { files }: Parts): void {
  app.get(
    '/fix-claims/:id/evidence/:no',
    {
      config: { access: READ, audited: true },
      schema: {
        tags: TAGS,
        summary: 'One evidence file of a claim',
        params: EvidenceParams,
        response: { ...FILE_RESPONSE, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { id, no } = request.params;
      const claim = await request.inScope((tx) => claimOf(tx, id));
      const evidence = claim.evidence.find((one) => one.no === no);
      if (evidence === undefined) throw new Problem('NOT_FOUND');
      request.audit.organizationId = claim.organizationId;
      return sendFile(reply, files, evidence);
    },
  );
}

async function claimOf(tx: Tx, id: string): Promise<FixClaimRow> {
  const row = await findFixClaim(tx, id);
  if (row === null) throw new Problem('NOT_FOUND');
  return row;
}
