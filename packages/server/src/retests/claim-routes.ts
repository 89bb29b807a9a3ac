import { createHash } from 'node:crypto';
import { ById, ClaimFix, EvidenceParams, FixClaim } from '@backcheck/contract';
import {
  type FixClaimRow,
  findFixClaim,
  findFixClaimByKey,
  insertFixClaim,
  insertFixEvidence,
  type Tx,
} from '@backcheck/db';
import { z } from 'zod';
import { callerOf } from '../platform/access/guard.ts';
import { receiveForm, validateAllButBody } from '../platform/files/receive-form.ts';
import { FILE_RESPONSE, sendFile } from '../platform/files/send-file.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { IdempotencyKey } from './idempotency-key.ts';
import { findingsOfOne } from './plan-retest.ts';
import { viewFixClaim } from './view.ts';

const TAGS = ['Retests'];
const CREATE = { object: 'retest', action: 'create' } as const;
const READ = { object: 'retest', action: 'read' } as const;

export function fixClaimRoutes(app: App, parts: Parts): void {
  claimRoute(app, parts);
  readRoute(app);
  addEvidenceRoute(app, parts);
  readEvidenceRoute(app, parts);
}

function claimRoute(app: App, { clock }: Parts): void {
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
      const sender = { ...callerOf(request).account, key: request.headers['idempotency-key'] ?? null };
      const row = await request.inScope(async (tx) => {
        const claim = await claimFix(tx, request.body, { sender, now: clock() });
        request.audit = {
          ...request.audit,
          organizationId: claim.organizationId,
          objectId: `fix-claims/${claim.id}`,
        };
        return claim;
      });
      return reply.code(201).header('location', `/api/v1/fix-claims/${row.id}`).send(viewFixClaim(row));
    },
  );
}

interface Claiming {
  readonly sender: { readonly accountId: number; readonly name: string; readonly key: string | null };
  readonly now: Date;
}

async function claimFix(tx: Tx, body: ClaimFix, { sender, now }: Claiming): Promise<FixClaimRow> {
  const { organizationId, findings } = await findingsOfOne(tx, body.findingIds);
  const requestSha256 = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const id = await insertFixClaim(tx, {
    organizationId,
    findingIds: findings.map(({ findingId }) => findingId),
    cause: body.cause,
    measure: body.measure,
    similar: body.similar,
    claimedBy: sender,
    claimedAt: now.toISOString(),
    idempotencyKey: sender.key,
    requestSha256,
  });
  if (id !== null) return claimOf(tx, id);
  const before = sender.key === null ? null : await findFixClaimByKey(tx, sender.accountId, sender.key);
  if (before === null) throw new Error('A claim was neither inserted nor found by its key');
  if (before.requestSha256 !== requestSha256) throw new Problem('IDEMPOTENCY_KEY_REUSED');
  return before;
}

function readRoute(app: App): void {
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
    async (request) => viewFixClaim(await request.inScope((tx) => claimOf(tx, request.params.id))),
  );
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
        const row = await request.inScope(async (tx) => {
          const claim = await claimOf(tx, id);
          request.audit.organizationId = claim.organizationId;
          await file.keep();
          const addedAt = parts.clock().toISOString();
          await insertFixEvidence(tx, { claim, fileName, ...file, addedBy: accountId, addedAt });
          return claimOf(tx, id);
        });
        return reply.code(201).send(viewFixClaim(row));
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
