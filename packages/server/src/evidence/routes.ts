import {
  RETENTION_DEFAULTS,
  RETENTION_KINDS,
  RetentionPreview,
  type RetentionRule,
  RetentionRules,
  RetentionTrial,
  SetRetentionRules,
} from '@backcheck/contract';
import { type Db, insertRetentionRules, retentionRules } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { callerOf, scopeOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { previewRetention, rulesInForce } from './retention.ts';
import { uploadRoutes } from './upload-routes.ts';

const TAGS = ['Evidence'];
const READ = { object: 'settings', action: 'read' } as const;
const CHANGE = { object: 'settings', action: 'update' } as const;

export function evidenceRoutes(app: App, parts: Parts): void {
  uploadRoutes(app, parts);
  readRulesRoute(app);
  setRulesRoute(app, parts);
  previewRoute(app, parts);
}

/** The rules are the installation's, so whoever sees a part of it neither reads nor changes them. */
function refuseNarrow(request: FastifyRequest, permission: typeof READ | typeof CHANGE): void {
  if (!scopeOf(request, permission).wide) throw new Problem('FORBIDDEN');
}

async function viewRules(db: Db): Promise<RetentionRules> {
  const set = new Map((await retentionRules(db)).map((row) => [row.kind, row]));
  const items = RETENTION_KINDS.map((kind): RetentionRule => {
    const { days, setBy, setAt } = set.get(kind) ?? {
      days: RETENTION_DEFAULTS[kind],
      setBy: null,
      setAt: null,
    };
    return { kind, days, setBy, setAt };
  });
  return { items };
}

function readRulesRoute(app: App): void {
  app.get(
    '/retention-rules',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'How long files of each kind are kept after nothing needs them',
        response: { 200: RetentionRules, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      refuseNarrow(request, READ);
      return request.inScope(viewRules);
    },
  );
}

function setRulesRoute(app: App, { clock }: Parts): void {
  app.put(
    '/retention-rules',
    {
      config: { access: CHANGE },
      schema: {
        tags: TAGS,
        summary:
          'Change how long files of some kinds are kept; what a certificate cites stays whatever is set',
        body: SetRetentionRules,
        response: { 200: RetentionRules, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      refuseNarrow(request, CHANGE);
      const { accountId } = callerOf(request).account;
      const { rules } = request.body;
      request.audit.details = Object.fromEntries(rules.map(({ kind, days }) => [kind, days]));
      return request.inScope(async (tx) => {
        await insertRetentionRules(tx, rules, { setBy: accountId, setAt: clock().toISOString() });
        return viewRules(tx);
      });
    },
  );
}

function previewRoute(app: App, { files, clock }: Parts): void {
  app.get(
    '/retention/preview',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'What the rules, or other ones on trial, would let go; nothing is deleted',
        querystring: RetentionTrial,
        response: { 200: RetentionPreview, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      refuseNarrow(request, READ);
      const trial = Object.fromEntries((request.query.rules ?? []).map(({ kind, days }) => [kind, days]));
      return request.inScope(async (tx) => {
        const rules = { ...(await rulesInForce(tx)), ...trial };
        return previewRetention(tx, files, { rules, now: clock() });
      });
    },
  );
}
