import { createHash } from 'node:crypto';
import type { AuditAction, AuditDetails, Instant } from '@backcheck/core';
import { inScope, insertAuditEntry, insertAuditOfChange, type NewAuditEntry, type Tx } from '@backcheck/db';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isForRunners, scopeOf } from '../access/guard.ts';
import type { App, Parts } from '../parts.ts';
import { RefusalLimit } from './refusal-limit.ts';

/** What a handler knows better than its request tells. */
export interface AuditNote {
  organizationId?: number;
  objectId?: string;
  /** Who it was, where the request itself signed somebody in. */
  account?: { readonly accountId: number; readonly name: string };
  /** Never a secret, never a piece of evidence: both would stay for ever. */
  details?: AuditDetails;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A read of sensitive evidence, or what the operation is called in the log where no permission says it. */
    audited?: true | AuditAction;
  }
  interface FastifyRequest {
    audit: AuditNote;
    /**
     * Writes the entry of a request that changes something into the transaction of the change. The guard calls it
     * at the end of `inScope` and `inScopeOf`; a handler that opens a transaction of its own calls it there. Does
     * nothing for other requests, and nothing where the transaction has changed nothing.
     */
    recordChange(tx: Tx): Promise<void>;
  }
}

/** What somebody typed as a name when nobody was signed in: it may be a password typed into the wrong field. */
export const nameTyped = (text: string): string =>
  createHash('sha256').update(text.trim().toLowerCase()).digest('hex').slice(0, 12);

const LOOKS = ['GET', 'HEAD', 'OPTIONS'];
const REFUSALS = [401, 403, 404, 429];

/**
 * The one place that writes the audit log of requests. What a request changed is recorded in its own transaction
 * (`recordChange`); what was read, refused, or changed elsewhere, before the answer leaves.
 */
export function recordRequests(app: App, parts: Parts): void {
  const recorded = new WeakSet<FastifyRequest>();
  const limit = new RefusalLimit();
  app.decorateRequest('audit');
  app.decorateRequest('recordChange', async function (this: FastifyRequest, tx: Tx) {
    if (!changes(this)) return;
    const entry = entryOf(this, parts.clock().toISOString());
    if (await insertAuditOfChange(tx, entry)) recorded.add(this);
  });
  app.addHook('onRequest', async (request) => {
    request.audit = {};
  });
  app.addHook('onSend', async (request, reply) => {
    if (!changes(request) && !looksAtEvidence(request)) return;
    if (isRefusal(request, reply)) return recordRefusal(parts, limit, { request, reply });
    // A runner asks every second; what it did is recorded with the change itself (runners/results.ts).
    if (isForRunners(request)) return;
    if (reply.statusCode < 400 && !recorded.has(request)) await recordDone(parts, request);
  });
}

/** Of a runner every one counts: another key, or a result that is none, is somebody else with its key. */
function isRefusal(request: FastifyRequest, { statusCode }: FastifyReply): boolean {
  return REFUSALS.includes(statusCode) || (isForRunners(request) && statusCode >= 400 && statusCode < 500);
}

function changes({ method, routeOptions: { url } }: FastifyRequest): boolean {
  return !LOOKS.includes(method) && url?.startsWith('/api/') === true;
}

const looksAtEvidence = ({ method, routeOptions }: FastifyRequest): boolean =>
  method === 'GET' && routeOptions.config.audited !== undefined;

/** Under the request's own scope, so that an organization that it named counts only where it may see it. */
async function recordDone({ pool, widePool, clock }: Parts, request: FastifyRequest): Promise<void> {
  const rule = request.routeOptions.config.access;
  const entry = entryOf(request, clock().toISOString());
  if (typeof rule === 'object')
    await inScope(pool, scopeOf(request, rule), (tx) => insertAuditEntry(tx, entry));
  else await insertAuditEntry(widePool, entry);
}

/** The client is refused in any case; that the log cannot be written is the operator's to know. */
async function recordRefusal(
  { widePool, clock }: Parts,
  limit: RefusalLimit,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<void> {
  const omitted = limit.take(
    request.caller === null ? request.ip : `${request.caller.account.accountId}`,
    clock(),
  );
  if (omitted === null) return;
  const { details, ...entry } = entryOf(request, clock().toISOString());
  const refused = {
    ...details,
    ...(request.runner === null ? {} : { runner: String(request.runner.runnerId) }),
    outcome: 'refused',
    status: reply.statusCode,
    ...(omitted > 0 ? { omitted } : {}),
  };
  try {
    // The installation's: whoever is refused somewhere must not write into that organization's log.
    await insertAuditEntry(widePool, { ...entry, organizationId: null, details: refused });
  } catch (error) {
    request.log.error({ err: error }, 'a refusal is missing in the audit log');
  }
}

const ACTIONS: Readonly<Record<string, AuditAction>> = { GET: 'read', POST: 'create' };

function entryOf(request: FastifyRequest, at: Instant): NewAuditEntry {
  const { audit, caller, method, ip, routeOptions } = request;
  const { access, audited } = routeOptions.config;
  const permission = typeof access === 'object' ? access : null;
  const who = audit.account ?? caller?.account ?? null;
  return {
    organizationId: audit.organizationId ?? (permission === null ? null : organizationNamed(request)),
    at,
    account: who === null ? null : { accountId: who.accountId, name: who.name },
    via: caller?.via ?? (who === null ? null : 'session'),
    address: ip,
    action: typeof audited === 'string' ? audited : (permission?.action ?? ACTIONS[method] ?? 'update'),
    object: permission?.object ?? 'account',
    objectId: audit.objectId ?? objectIdOf(request),
    details: { ...audit.details, operation: `${method} ${routeOptions.url ?? ''}`, outcome: 'done' },
  };
}

/** The id in the path; with what it is the id of, where that is not the object of the permission. */
function objectIdOf({ params, routeOptions: { url = '', config } }: FastifyRequest): string | null {
  const id = idOf(params, 'id');
  const segments = url.split('/');
  const things = segments[segments.indexOf(':id') - 1] ?? '';
  const { access } = config;
  const plain = typeof access !== 'object' || things.startsWith(access.object);
  return id === null || plain ? id : `${things}/${id}`;
}

/** The organization that the request itself names; the database takes it only where the caller sees it. */
function organizationNamed({ routeOptions, params, body, query }: FastifyRequest): number | null {
  const ofPath = /\/organizations\/:id(\/|$)/.test(routeOptions.url ?? '') ? idOf(params, 'id') : null;
  const named =
    ofPath ?? [params, body, query].map((one) => idOf(one, 'organizationId')).find((id) => id !== null);
  return named !== undefined && /^[1-9][0-9]{0,8}$/.test(named) ? Number(named) : null;
}

/** A member that looks like an id: a refused request may hold anything at its place. */
function idOf(members: unknown, name: string): string | null {
  if (typeof members !== 'object' || members === null || !Object.hasOwn(members, name)) return null;
  const value: unknown = Reflect.get(members, name);
  return typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value) ? value : null;
}
