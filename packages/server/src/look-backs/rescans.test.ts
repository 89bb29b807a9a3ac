import { readFileSync } from 'node:fs';
import { KnownExploited, RescanPlan } from '@backcheck/contract';
import { REASONS } from '@backcheck/core';
import { dueRescans } from '@backcheck/db';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharedFolder } from '../../../scans/src/testing/scan-of.ts';
import { RunningApp } from '../testing/running-app.ts';
import { closeFindings } from './closed-findings.fixture.ts';
import { planRescans } from './tasks.ts';

const DAY = 86_400_000;

let running: RunningApp;
let organizationId: string;
let closedAt: number;

/** When the server took the findings for closed, and a number of days. */
const after = (days: number): Date => new Date(closedAt + days * DAY + 60_000);

const catalogue = (...cves: readonly string[]) => ({
  title: 'CISA Catalog of Known Exploited Vulnerabilities',
  catalogVersion: '2026.11.20',
  dateReleased: '2026-11-20T17:04:19.9796Z',
  count: cves.length,
  vulnerabilities: cves.map((cveID) => ({
    cveID,
    vendorProject: 'House',
    product: 'Audit',
    vulnerabilityName: 'Weak TLS',
    dateAdded: '2026-11-01',
    shortDescription: 'Weak',
    requiredAction: 'Apply mitigations.',
    dueDate: '2026-11-22',
    knownRansomwareCampaignUse: 'Unknown',
    notes: '',
    cwes: [],
  })),
});

const takeIn = (payload: object, query = '') =>
  running.send({ method: 'PUT', url: `/api/v1/known-exploited${query}`, payload });
const inUse = async () => KnownExploited.parse((await running.get('/api/v1/known-exploited')).json());
const switchPlan = async (on: boolean) =>
  RescanPlan.parse(
    (
      await running.send({
        method: 'PUT',
        url: `/api/v1/organizations/${organizationId}/rescan-plan`,
        payload: { on },
      })
    ).json(),
  );

/** What is due, by risk, most pressing first. */
async function due(days: number, limit = 100): Promise<string[]> {
  const found = await dueRescans(running.parts.widePool, Number(organizationId), { now: after(days), limit });
  return found.map(({ risk }) => risk);
}

/** Asks as the job does each hour, at that time. */
const hour = (days: number) => planRescans({ ...running.parts, clock: () => after(days) });

async function asked(): Promise<{ priority: number; findings: number }[]> {
  const { rows } = await running.parts.widePool.query<{ priority: number; findings: number }>(
    `select r.priority, count(*)::int as findings from retest r join retest_finding using (organization_id, retest_id)
     where origin = 'plan' group by r.retest_id, r.priority order by r.retest_id`,
  );
  return rows;
}

beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  organizationId = await running.organization();
  const at = '2026-03-02T10:00:00.000Z';
  const close = (severity: 'critical' | 'high' | 'medium' | 'low' | 'info', address: string, cve?: string) =>
    closeFindings(running, {
      organizationId,
      severity,
      addresses: [address],
      at,
      ...(cve === undefined ? {} : { cve }),
    });
  await close('critical', '192.0.2.1');
  await close('high', '192.0.2.2');
  await close('medium', '192.0.2.3');
  await close('low', '192.0.2.4');
  await close('info', '192.0.2.5');
  await close('low', '192.0.2.6', 'CVE-2026-1234');
  closedAt = Date.now();
});

describe('the known-exploited list', () => {
  test('is empty until somebody takes it in', async () => {
    expect(await inUse()).toEqual({
      version: null,
      releasedAt: null,
      takenInAt: null,
      ageDays: null,
      entries: 0,
    });
  });

  test('is taken in as CISA publishes it, and says how old it is', async () => {
    expect((await takeIn(catalogue('CVE-2026-1234', 'CVE-2020-0001'))).statusCode).toBe(200);
    const list = await inUse();
    expect(list).toMatchObject({ version: '2026.11.20', entries: 2 });
    expect(list.releasedAt).toBe('2026-11-20T17:04:19.979Z');
    expect(list.ageDays).toBe(Math.floor((Date.now() - Date.parse('2026-11-20T17:04:19.979Z')) / DAY));
  });

  const published = sharedFolder('standards/kev/known_exploited_vulnerabilities.json');
  test.skipIf(published === undefined)(
    'is taken in as a whole, as it was published in August 2025',
    async () => {
      const payload = JSON.parse(readFileSync(published ?? '', 'utf8'));
      expect((await takeIn(payload)).json().code).toBe('FEED_OLDER');
      expect((await takeIn(payload, '?older=true')).statusCode).toBe(200);
      expect(await inUse()).toMatchObject({ version: '2025.08.25', entries: 1404 });
    },
  );

  test('forgets what was withdrawn', async () => {
    await takeIn(catalogue('CVE-2026-1234'));
    const { rows } = await running.parts.widePool.query('select cve from known_exploited');
    expect(rows).toEqual([{ cve: 'CVE-2026-1234' }]);
  });

  test.each([
    ['that was cut on its way', { ...catalogue('CVE-2026-1234'), count: 1404 }],
    ['with a CVE that is none', catalogue('CVE-26-1')],
    ['without a version', { ...catalogue(), catalogVersion: undefined }],
  ])('refuses a list %s, and keeps the one before', async (_, payload) => {
    expect((await takeIn(payload)).json().code).toBe('REQUEST_INVALID');
    expect((await inUse()).entries).toBe(1);
  });

  test('is written by nobody who sees a part of the tree', async () => {
    const url = '/api/v1/known-exploited';
    const administrator = await running.visitor('of one', [
      { role: 'platform-administrator', organizationId: Number(organizationId) },
    ]);
    const tried = await administrator.send({ method: 'PUT', url, payload: catalogue() });
    expect(tried.json().code).toBe('INSTALLATION_ONLY');
    const manager = await running.visitor('a manager', [{ role: 'campaign-manager' }]);
    expect((await manager.send({ method: 'PUT', url, payload: catalogue() })).json().code).toBe('FORBIDDEN');
    expect((await inUse()).entries).toBe(1);
  });
});

describe('rescans by risk', () => {
  test('are due sooner the greater the risk, and never for what is only info', async () => {
    expect(await due(2)).toEqual([]);
    expect(await due(3)).toEqual(['known-exploited']);
    expect(await due(7)).toEqual(['known-exploited', 'critical']);
    expect(await due(30)).toEqual(['known-exploited', 'critical', 'high']);
    expect(await due(90)).toEqual(['known-exploited', 'critical', 'high', 'medium']);
    expect(await due(3650)).toEqual(['known-exploited', 'critical', 'high', 'medium', 'low']);
    expect(await due(3650, 2)).toEqual(['known-exploited', 'critical']);
  });

  test('are asked for only where somebody switched them on, on that account', async () => {
    await hour(40);
    expect(await asked()).toEqual([]);
    expect((await switchPlan(true)).switchedOnBy?.name).toBe('Tester');
    const url = `/api/v1/organizations/${organizationId}/rescan-plan`;
    expect(RescanPlan.parse((await running.get(url)).json()).on).toBe(true);
    await hour(3);
    expect(await asked()).toEqual([{ priority: 60, findings: 1 }]);
  });

  test('are not asked again while one is open, nor before their time after it has ended', async () => {
    const { rows } = await running.parts.widePool.query<{ id: string; finding: string }>(
      'select retest_id as id, finding_id as finding from retest_finding',
    );
    // the invented tool's finding ended at once; say that it ended on the third day, and then that it did not
    const end = (state: string, at: Date | null) =>
      running.parts.widePool.query('update retest set state = $2, finished_at = $3 where retest_id = $1', [
        rows[0]?.id,
        state,
        at,
      ]);
    await end('running', null);
    expect(await due(365)).not.toContain('known-exploited');
    await end('done', after(3));
    expect(await due(9)).toEqual(['critical']);
    expect(await due(10)).toEqual(['known-exploited', 'critical']);
    await hour(10);
    expect(await asked()).toEqual([
      { priority: 60, findings: 1 },
      { priority: 60, findings: 2 },
    ]);
  });

  test('come the day after a claim, unless a scan has seen the finding since', async () => {
    const { rows } = await running.parts.widePool.query<{ id: string }>(
      `update finding set state = 'open', certificate_id = null where severity = 1 returning finding_id as id`,
    );
    const [low] = rows;
    const claim = (at: Date, kind = 'claimed') =>
      running.parts.widePool.query(
        `insert into decision (organization_id, finding_id, kind, decided_at, decided_by, note) values ($1, $2, $3, $4, 'Liaison', '')`,
        [organizationId, low?.id, kind, at],
      );
    expect(await due(365)).not.toContain('claimed');
    await claim(new Date('2026-02-01T00:00:00Z'));
    expect(await due(365)).not.toContain('claimed');
    await claim(after(20));
    expect(await due(20.5)).not.toContain('claimed');
    expect(await due(22)).toContain('claimed');
    await claim(after(23), 'revoked');
    expect(await due(24)).not.toContain('claimed');
  });

  test('take the further looks that something unsteady needs, each finding once', async () => {
    const { widePool } = running.parts;
    const LOW = 'finding_id = (select min(finding_id) from finding where severity = 1)';
    const regressed = (reason: 'UNSTEADY' | 'NO_HOST') =>
      widePool.query(
        `update finding set state = 'regressed', reason = $1, certificate_id = null where ${LOW}`,
        [REASONS.indexOf(reason)],
      );
    await regressed('NO_HOST');
    expect(await due(25)).not.toContain('claimed');
    await regressed('UNSTEADY');
    expect((await due(25)).filter((risk) => risk === 'claimed')).toHaveLength(1);
    await widePool.query(
      `insert into decision (organization_id, finding_id, kind, decided_at, decided_by, note)
       select organization_id, finding_id, 'claimed', $1, 'Liaison', '' from finding where ${LOW}`,
      [after(24)],
    );
    expect((await due(30)).filter((risk) => risk === 'claimed')).toHaveLength(1);
  });

  test('end when they are switched off', async () => {
    expect(await switchPlan(false)).toEqual({ on: false, switchedOnBy: null, switchedOnAt: null });
    const before = await asked();
    await hour(3650);
    expect(await asked()).toEqual(before);
  });

  test('are switched by nobody who may not change campaigns there', async () => {
    const url = `/api/v1/organizations/${organizationId}/rescan-plan`;
    const put = { method: 'PUT', url, payload: { on: true } } as const;
    const liaison = await running.visitor('a liaison', [
      { role: 'liaison', organizationId: Number(organizationId) },
    ]);
    expect((await liaison.send(put)).statusCode).toBe(403);
    const other = await running.organization('Elsewhere');
    const manager = await running.visitor('of elsewhere', [
      { role: 'campaign-manager', organizationId: Number(other) },
    ]);
    expect((await manager.send(put)).statusCode).toBe(404);
    expect((await manager.get(url)).statusCode).toBe(404);
  });
});
