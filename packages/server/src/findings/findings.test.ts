import { Finding, FindingHistory, FindingList, Import } from '@backcheck/contract';
import { verifyCertificate } from '@backcheck/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { RunningApp } from '../testing/running-app.ts';
import { sarif } from '../testing/sarif.ts';

let running: RunningApp;
let organizationId: string;
beforeAll(async () => {
  running = await RunningApp.start();
  organizationId = await running.organization();
  await running.work();
});

async function importFile(file: string): Promise<Import> {
  const sent = Import.parse((await running.upload(file, { organizationId, confirm: 'true' })).json());
  const done = await running.settled(sent.id);
  expect(done.problem).toBeNull();
  return done;
}

const list = async (query: string) =>
  FindingList.parse((await running.get(`/api/v1/findings?${query}`)).json());
const rule = async (name: string): Promise<Finding> => {
  const { items } = await list(`check=examplescan:${name}`);
  return Finding.parse((await running.get(`/api/v1/findings/${items[0]?.id}`)).json());
};
const history = async ({ id }: Finding) =>
  FindingHistory.parse((await running.get(`/api/v1/findings/${id}/history`)).json()).events;

describe('a finding on its way', () => {
  let certificate: string;

  it('opens when a scan sees it', async () => {
    await importFile(sarif(['R1', 'R2'], '2026-01-01T10:00:00Z'));
    expect(await rule('R1')).toMatchObject({
      state: 'open',
      organization: { id: organizationId },
      certificateId: null,
    });
    expect((await history(await rule('R1'))).map(({ kind }) => kind)).toEqual(['present']);
  });

  it('closes by a later explicit pass, with a certificate that anybody can verify offline', async () => {
    const { sheet } = await importFile(sarif(['R2'], '2026-02-01T10:00:00Z', ['R1']));
    expect(sheet?.findings).toMatchObject({ closes: 1, seenAgain: 1, new: 0 });
    const closed = await rule('R1');
    expect(closed).toMatchObject({
      state: 'verified-fixed',
      reason: null,
      certificateId: expect.any(String),
    });

    certificate = `/api/v1/certificates/${closed.certificateId}`;
    const answer = await running.get(certificate);
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="backcheck-certificate-\d+\.json"$/,
    );
    const key = (await running.get('/api/v1/public-key')).json();
    expect(verifyCertificate(answer.body, { trustedKeys: [key.publicKey] })).toMatchObject({
      verdict: 'valid',
      key: { trusted: true, fingerprint: key.keyid },
    });
    expect((await running.get(certificate)).body).toBe(answer.body);
    expect((await running.get(`${certificate}/status`)).json()).toEqual({
      current: true,
      supersededAt: null,
      cause: null,
    });
  });

  it('regresses when a scan sees it again; the certificate stays and is marked', async () => {
    await importFile(sarif(['R1'], '2026-03-01T10:00:00Z'));
    const again = await rule('R1');
    expect(again).toMatchObject({ state: 'regressed', certificateId: null });
    expect((await running.get(`${certificate}/status`)).json()).toMatchObject({
      current: false,
      cause: 'regressed',
    });
    expect(verifyCertificate((await running.get(certificate)).body)).toMatchObject({ verdict: 'valid' });
    const kinds = (await history(again)).map(({ kind }) => kind);
    expect([...kinds].sort()).toEqual(['absent', 'certificate', 'present', 'present', 'superseded']);
  });
});

describe('the list of findings', () => {
  it('filters by several states at once and refuses a state that does not exist', async () => {
    const both = await list('state=regressed,fixed-unverified');
    expect(both.items.map(({ state }) => state).sort()).toEqual(['fixed-unverified', 'regressed']);
    const problem = await running.refused({ method: 'GET', url: '/api/v1/findings?state=closed' });
    expect(problem).toMatchObject({ code: 'REQUEST_INVALID', errors: [{ field: 'state.0' }] });
  });

  it('answers page by page without losing one', async () => {
    const first = await list('limit=1');
    const second = await list(`limit=1&cursor=${first.nextCursor}`);
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(2);
    expect(second.nextCursor).toBeNull();
  });

  it.each(['cursor=nonsense', 'limit=0', 'limit=201', 'q=%00', 'organizationId=0', 'sort=color'])(
    'refuses %s with a code',
    async (query) => {
      const problem = await running.refused({ method: 'GET', url: `/api/v1/findings?${query}` });
      expect(['CURSOR_INVALID', 'REQUEST_INVALID']).toContain(problem.code);
    },
  );
});

describe('what is not there', () => {
  it.each([
    'findings/4711',
    'findings/4711/history',
    'certificates/4711',
    'certificates/4711/status',
    'imports/4711',
  ])('%s is not found', async (path) => {
    const problem = await running.refused({ method: 'GET', url: `/api/v1/${path}` });
    expect(problem).toMatchObject({ code: 'NOT_FOUND', status: 404, instance: `/api/v1/${path}` });
  });
});
