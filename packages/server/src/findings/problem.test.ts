import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateStatus, FindingList, Import, SiblingList } from '@backcheck/contract';
import { verifyCertificate } from '@backcheck/core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { RunningApp } from '../testing/running-app.ts';

const SCANS = join(import.meta.dirname, '../../../../fixtures/scans');
let running: RunningApp;
let organizationId: string;
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  organizationId = await running.organization();
  for (const name of ['testssl/before.json', 'nmap/before.xml', 'nessus/before.nessus']) await send(name);
  await send('sslscan/before.xml', { declaredAt: '2026-11-21T04:05:00Z' });
});

async function send(name: string, fields: Record<string, string> = {}, to = organizationId): Promise<Import> {
  const file = readFileSync(join(SCANS, name));
  const answer = await running.upload(file, { organizationId: to, confirm: 'true', ...fields });
  const done = await running.settled(Import.parse(answer.json()).id);
  expect(done.problem).toBeNull();
  return done;
}

const list = async (query: string) =>
  FindingList.parse(
    (await running.get(`/api/v1/findings?organizationId=${organizationId}&limit=200&${query}`)).json(),
  );

describe('one weakness that several tools report', () => {
  it('is one problem, in both languages, with all its findings behind it', async () => {
    const { items } = await list('check=testssl:TLS1');
    expect(items[0]?.problem).toMatchObject({
      title: { en: 'TLS 1.0 is offered', zh: '提供 TLS 1.0' },
      findings: 4,
      open: 4,
      tools: 4,
    });
    const siblings = SiblingList.parse(
      (await running.get(`/api/v1/findings/${items[0]?.id}/problem`)).json(),
    );
    expect(siblings.items.map(({ check }) => check).sort()).toEqual([
      'nessus:104743',
      'nmap-script:ssl-enum-ciphers',
      'sslscan:tls1.0',
    ]);
  });

  it('names the measure that mends it, with how much of it is open', async () => {
    const [finding] = (await list('check=testssl:TLS1')).items;
    const fix = await vi.waitFor(
      async () => {
        const answer = await running.get(`/api/v1/findings/${finding?.id}/problem`);
        const found = SiblingList.parse(answer.json()).fix;
        if (found === null) throw new Error('not grouped yet');
        return found;
      },
      { timeout: 20_000 },
    );
    expect(fix).toMatchObject({ organizationId, kind: 'configure', open: expect.any(Number) });
    expect(fix.open).toBeGreaterThan(1);
  });

  it('says what the tool says of it, and nothing where the tool says nothing', async () => {
    const said = async (check: string) => {
      const [finding] = (await list(`check=${check}`)).items;
      return SiblingList.parse((await running.get(`/api/v1/findings/${finding?.id}/problem`)).json())
        .explanation;
    };
    expect(await said('nessus:104743')).toMatchObject({
      description: expect.stringContaining('advises against'),
      advice: expect.stringMatching(/^Change the configuration of the service/),
      tool: 'nessus',
      scanId: expect.any(String),
      importedAt: expect.any(String),
    });
    expect(await said('nmap:open-port')).toBeNull();
  });

  it('is one row of the list by problem, led by its worst finding that is not closed', async () => {
    const all = (await list('')).items;
    const { items } = await list('groupBy=problem');
    const keys = items.map(({ problem }) => problem.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(keys)).toEqual(new Set(all.map(({ problem }) => problem.key)));
    expect(items.length).toBeLessThan(all.length);
    for (const { problem, severity } of items) {
      const same = all.filter((one) => one.problem.key === problem.key);
      // The list without groups is in the same order, worst first.
      expect(severity).toBe(same[0]?.severity);
      expect(same).toHaveLength(problem.findings);
    }
  });

  it('is led by the findings that match the filter, and pages like any list', async () => {
    const { items } = await list('groupBy=problem&check=testssl:TLS1');
    expect(items.map(({ check }) => check)).toEqual(['testssl:TLS1']);
    const whole = (await list('groupBy=problem&sort=-age')).items.map(({ id }) => id);
    const paged: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await running.get(
        `/api/v1/findings?organizationId=${organizationId}&groupBy=problem&sort=-age&limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      const read = FindingList.parse(page.json());
      paged.push(...read.items.map(({ id }) => id));
      cursor = read.nextCursor;
    }
    expect(paged).toEqual(whole);
  });

  it('is closed check by check: a clean scan of one tool leaves the others open', async () => {
    await send('testssl/after.json');
    const { items } = await list('check=testssl:TLS1');
    expect(items[0]).toMatchObject({ state: 'verified-fixed', problem: { findings: 4, open: 3 } });
    const rows = (await list('groupBy=problem')).items.filter(({ problem }) => problem.open > 0);
    expect(rows.filter(({ state }) => state === 'verified-fixed')).toEqual([]);
    expect(rows.map(({ problem }) => problem.title?.en)).toContain('TLS 1.0 is offered');
  });
});

describe('where the organization lets one tool prove for another', () => {
  let wide: string;
  const allow = (crossTool: boolean) =>
    running.send({ method: 'PATCH', url: `/api/v1/organizations/${wide}`, payload: { crossTool } });
  const plugin = async () => {
    const answer = await running.get(`/api/v1/findings?organizationId=${wide}&check=nessus:104743`);
    return FindingList.parse(answer.json()).items[0];
  };

  it('closes nothing across tools as long as nobody allows it', async () => {
    wide = await running.organization('Across tools');
    await send('nessus/before.nessus', {}, wide);
    expect((await send('testssl/after.json', {}, wide)).sheet?.findings.closes).toBe(0);
    expect(await plugin()).toMatchObject({ state: 'open' });
  });

  it('closes the others by the declared equivalence, and the certificate names both checks', async () => {
    expect((await allow(true)).json()).toMatchObject({ crossTool: true });
    const closed = await plugin();
    expect(closed?.state).toBe('verified-fixed');
    const certificate = (await running.get(`/api/v1/certificates/${closed?.certificateId}`)).body;
    expect(verifyCertificate(certificate)).toMatchObject({
      verdict: 'valid',
      closure: {
        finding: { key: { check: 'nessus:104743' } },
        witnesses: [{ standIn: { check: 'testssl:TLS1', locus: '', equivalence: 'tls-1.0-offered' } }],
      },
    });
  });

  it('opens them again when it is no longer allowed, and their certificates are superseded', async () => {
    const closed = await plugin();
    await allow(false);
    expect(await plugin()).toMatchObject({ state: 'open', certificateId: null });
    const status = await running.get(`/api/v1/certificates/${closed?.certificateId}/status`);
    expect(CertificateStatus.parse(status.json())).toMatchObject({ current: false, cause: 'disallowed' });
  });

  it('closes them at once with the next import of the other tool', async () => {
    await allow(true);
    const other = await running.organization('One by one');
    wide = other;
    await allow(true);
    await send('nessus/before.nessus', {}, other);
    const { sheet } = await send('testssl/after.json', {}, other);
    expect(sheet?.findings.closes).toBe(1);
  });
});
