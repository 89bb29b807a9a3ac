import { AuditList } from '@backcheck/contract';
import { verifyAuditExport } from '@backcheck/core';
import { createOwnerPool, inScope, insertOrganization, listAudit, watchConnections } from '@backcheck/db';
import fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { parseCrontab, quickAddJob } from 'graphile-worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { join } from '../../testing/browser.ts';
import { RunningApp, type Visitor } from '../../testing/running-app.ts';
import { answerProblem } from '../answer-problem.ts';
import { runJobs } from '../jobs/run-jobs.ts';
import type { App } from '../parts.ts';
import { Problem } from '../problem.ts';
import { nameTyped, recordRequests } from './record.ts';
import { RefusalLimit } from './refusal-limit.ts';
import { SEAL_CRONTAB, sealTask } from './seal-task.ts';

let running: RunningApp;
let auditor: Visitor;
let hospital: string;
beforeAll(async () => {
  running = await RunningApp.start();
  auditor = await running.visitor('=1+1 Auditor', [{ role: 'security-auditor' }]);
  hospital = await running.organization('Hospital');
});

const entries = async (query: string, visitor = auditor) =>
  AuditList.parse((await visitor.get(`/api/v1/audit?${query}`)).json()).items;

const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

async function exported(visitor: Visitor, query = ''): Promise<string> {
  const answer = await visitor.get(`/api/v1/audit/export${query}`);
  expect(answer.statusCode).toBe(200);
  return answer.body;
}

describe('the audit log', () => {
  it('tells of a change: who, from where, by which operation, to what', async () => {
    await running.send({
      method: 'PATCH',
      url: `/api/v1/organizations/${hospital}`,
      payload: { crossTool: true },
    });
    const [entry] = await entries(`organizationId=${hospital}&object=organization&action=update`);
    expect(entry).toMatchObject({
      organization: { id: hospital, name: 'Hospital' },
      account: { name: 'Tester' },
      via: 'session',
      address: '127.0.0.1',
      objectId: hospital,
      details: { operation: 'PATCH /api/v1/organizations/:id', outcome: 'done' },
      ledgerSeq: null,
    });
  });

  it('tells whose record was changed, also where the request names only the record', async () => {
    const made = await running.send({
      method: 'POST',
      url: '/api/v1/contacts',
      payload: {
        organizationId: hospital,
        fields: { role: 'technical', name: 'Wang', mobile: '13800000000' },
      },
    });
    const { id, version } = made.json();
    await running.send({
      method: 'PATCH',
      url: `/api/v1/contacts/${id}`,
      payload: { version, fields: { name: 'Li' } },
    });
    const [entry] = await entries('object=contact&action=update');
    expect(entry).toMatchObject({ organization: { id: hospital }, objectId: id });
  });

  it('tells of a refused change, as the installation, whatever organization it was about', async () => {
    const liaison = await running.visitor('Stranger', [
      { role: 'observer', organizationId: Number(hospital) },
    ]);
    const answer = await liaison.send({
      method: 'PATCH',
      url: `/api/v1/organizations/${hospital}`,
      payload: { crossTool: true },
    });
    const [entry] = await entries(`account=${liaison.accountId}`);
    expect(entry).toMatchObject({
      organization: null,
      objectId: hospital,
      details: { outcome: 'refused', status: answer.statusCode },
    });
  });

  it('tells of a change that nobody signed in for, and keeps no path that a stranger made up', async () => {
    await running.app.inject({ method: 'PATCH', url: '/api/v1/organizations/%00%3Cb%3E', payload: {} });
    await running.app.inject({ method: 'POST', url: '/api/v1/nothing-here', payload: {} });
    const refused = (await entries('limit=5')).filter(({ account }) => account === null);
    expect(refused).toMatchObject([
      { via: null, objectId: null, details: { operation: 'PATCH /api/v1/organizations/:id', status: 401 } },
    ]);
  });

  it('says nothing of what only looks, and of a request that was wrong', async () => {
    const before = await entries('limit=200');
    await running.get('/api/v1/organizations');
    await running.send({ method: 'POST', url: '/api/v1/organizations', payload: { name: '' } });
    expect(await entries('limit=200')).toEqual(before);
  });

  it('tells when somebody signed out, and not that they looked where they are signed in', async () => {
    const leaving = await running.visitor('Leaving', [{ role: 'observer' }]);
    expect((await leaving.get('/api/v1/sessions')).statusCode).toBe(200);
    expect(await entries(`account=${leaving.accountId}`)).toEqual([]);
    await leaving.send({ method: 'DELETE', url: '/api/v1/session' });
    expect(await entries(`account=${leaving.accountId}`)).toMatchObject([{ action: 'sign-out' }]);
  });

  it('tells who accepted an invitation, although nobody was signed in', async () => {
    const browser = await join(running, 'joins@example.org');
    const { account } = (await browser.get('/session')).json();
    expect(await entries(`account=${account.id}`)).toMatchObject([
      { account, action: 'create', details: { operation: 'POST /api/v1/invitations/accept' } },
    ]);
  });

  it('is closed to whoever has no such grant, and shows an auditor of one organization only that', async () => {
    for (const path of ['/api/v1/audit', '/api/v1/audit/export']) {
      const liaison = await running.visitor(`Liaison ${path}`, [{ role: 'liaison' }]);
      expect((await liaison.get(path)).statusCode).toBe(403);
    }
    const own = await running.visitor('Own auditor', [
      { role: 'security-auditor', organizationId: Number(hospital) },
    ]);
    const seen = await entries('limit=200', own);
    expect(new Set(seen.map(({ organization }) => organization?.id))).toEqual(new Set([hospital]));
    const file = await exported(own);
    expect(await verifyAuditExport(linesOf(file))).toMatchObject({
      verdict: 'valid',
      chains: [{ organization: hospital }],
    });
    expect((await own.get('/api/v1/audit?cursor=x')).json().code).toBe('CURSOR_INVALID');
  });
});

describe('an export', () => {
  it('is verified from its bytes, and tells of itself as not sealed yet', async () => {
    const file = await exported(auditor);
    const verdict = await verifyAuditExport(linesOf(file));
    expect(verdict).toMatchObject({ verdict: 'valid', unsealed: 1 });
    const unsealed = linesOf(file).filter((line) => line.includes('"record":"unsealed"'));
    expect(unsealed).toMatchObject([expect.stringContaining('GET /api/v1/audit/export')]);
    const changed = linesOf(file.replace('PATCH /api', 'PATCH /apj'));
    expect(await verifyAuditExport(changed)).toMatchObject({ verdict: 'invalid' });
  });

  it('holds whole batches, also where the asked time begins within one', async () => {
    const [newest] = await entries('limit=1');
    const file = await exported(auditor, `?from=${encodeURIComponent(newest?.at ?? '')}`);
    expect(await verifyAuditExport(linesOf(file))).toMatchObject({ verdict: 'valid' });
  });

  it('as CSV runs nothing in a spreadsheet program', async () => {
    const csv = await exported(auditor, '?format=csv');
    expect(csv.split('\r\n')[0]).toBe(
      '\ufeffid,at,organization,account,accountName,via,address,action,object,objectId,operation,outcome,details,sealed',
    );
    expect(csv).toContain(",'=1+1 Auditor,");
    expect(csv).not.toContain(',=1+1');
  });
});

describe('a request that changes something in its own scope', () => {
  const RULE = { object: 'organization', action: 'create' } as const;
  let app: App;
  let answer: (work: 'commits' | 'rolls back' | 'looks') => Promise<number>;
  beforeAll(async () => {
    const { parts } = running;
    const scope = { accountId: auditor.accountId, via: 'session', grants: [], wide: true } as const;
    app = fastify();
    app.setValidatorCompiler(validatorCompiler);
    app.setSerializerCompiler(serializerCompiler);
    app.setErrorHandler(answerProblem);
    for (const name of ['caller', 'grants'] as const) app.decorateRequest(name, null);
    recordRequests(app, parts);
    app.post('/api/try/:work', { config: { access: RULE } }, async (request) => {
      request.caller = { account: { accountId: auditor.accountId, name: 'A' }, via: 'session', key: null };
      request.grants = [
        { grantId: 0, role: 'campaign-manager', organizationId: null, systemId: null, campaignId: null },
      ];
      const work = Reflect.get(Object(request.params), 'work');
      await inScope(parts.pool, scope, async (tx) => {
        if (work === 'looks') await tx.query('select from organization');
        else await insertOrganization(tx, { name: `made by a test that ${work}`, nameZh: null });
        await request.recordChange(tx);
        if (work === 'rolls back') throw new Problem('IMPORT_NOT_READY', { state: 'done' });
      });
      return {};
    });
    answer = async (work) => (await app.inject({ method: 'POST', url: `/api/try/${work}` })).statusCode;
  });
  const count = async () =>
    (await listAudit(running.parts.widePool, { object: 'organization', action: 'create', limit: 200 })).items
      .length;

  it('has one entry when it commits', async () => {
    const before = await count();
    expect(await answer('commits')).toBe(200);
    expect(await count()).toBe(before + 1);
  });

  it('has none when it rolls back', async () => {
    const before = await count();
    expect(await answer('rolls back')).toBe(409);
    expect(await count()).toBe(before);
  });

  it('has one also when it was answered without a change in the database', async () => {
    const before = await count();
    expect(await answer('looks')).toBe(200);
    expect(await count()).toBe(before + 1);
  });
});

describe('refusals', () => {
  it('of one sender beyond thirty a minute are counted and not written, and nobody else loses any', () => {
    const limit = new RefusalLimit();
    const now = new Date('2026-11-21T08:00:00Z');
    const taken = Array.from({ length: 100 }, () => limit.take('192.0.2.1', now));
    expect(taken.filter((one) => one !== null)).toHaveLength(30);
    expect(limit.take('192.0.2.2', now)).toBe(70);
    expect(limit.take('192.0.2.1', new Date('2026-11-21T08:01:00Z'))).toBe(0);
  });

  it('from ever new addresses are bounded too', () => {
    const limit = new RefusalLimit();
    const now = new Date('2026-11-21T08:00:00Z');
    const written = Array.from({ length: 20_000 }, (_, number) => limit.take(`${number}`, now));
    expect(written.filter((one) => one !== null)).toHaveLength(10_030);
  });
});

it('a name that was typed at a failed sign-in is kept as twelve digits of its hash', () => {
  expect(nameTyped(' Wang@Example.org ')).toBe(nameTyped('wang@example.org'));
  expect(nameTyped('wang@example.org')).toMatch(/^[0-9a-f]{12}$/);
});

it('the queue seals each minute what was written since', async () => {
  expect(parseCrontab(SEAL_CRONTAB)).toMatchObject([{ task: 'seal-audit' }]);
  const { parts, connectionString } = running;
  const owner = createOwnerPool({ connectionString });
  watchConnections(owner, () => undefined);
  const jobs = await runJobs({
    owner,
    tasks: { 'seal-audit': sealTask(parts) },
    crontab: SEAL_CRONTAB,
    concurrency: 1,
    log: parts.log,
    afterSweep: async () => undefined,
  });
  await running.organization('Sealed by the job');
  await quickAddJob({ pgPool: owner }, 'seal-audit', {});
  while ((await listAudit(parts.widePool, { limit: 1 })).items[0]?.ledgerSeq === null)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await jobs.stop();
  await owner.end();
});
