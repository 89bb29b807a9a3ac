import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FindingList, Import, ScanProfile, ScanProfileList } from '@backcheck/contract';
import { canonical, sha256Hex, verifyCertificate } from '@backcheck/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { RunningApp } from '../testing/running-app.ts';

const FIXTURES = join(import.meta.dirname, '../../../../fixtures');
const PROFILE = JSON.parse(readFileSync(join(FIXTURES, 'scan-profiles/nessus-all-plugins.json'), 'utf8'));
const nessus = (name: string) => readFileSync(join(FIXTURES, `scans/nessus/${name}.nessus`));

let now = new Date('2026-08-01T00:00:00Z');
let running: RunningApp;
beforeAll(async () => {
  running = await RunningApp.start({ clock: () => now });
  await running.work();
});

const register = (payload: object) => running.send({ method: 'POST', url: '/api/v1/scan-profiles', payload });

async function importBoth(organizationId: string, fields: Record<string, string>): Promise<Import> {
  await running.settled((await send(organizationId, 'before', {})).id);
  return running.settled((await send(organizationId, 'after-without-launched-list', fields)).id);
}

const send = async (organizationId: string, name: string, fields: Record<string, string>) =>
  Import.parse((await running.upload(nessus(name), { organizationId, confirm: 'true', ...fields })).json());

describe('a registered scan profile', () => {
  let profile: ScanProfile;

  it('is kept with the hash of its content, and never changes', async () => {
    const answer = await register({ content: PROFILE });
    expect(answer.statusCode).toBe(201);
    profile = ScanProfile.parse(answer.json());
    expect(profile).toMatchObject({
      organizationId: null,
      sha256: sha256Hex(canonical(PROFILE)),
      registeredAt: '2026-08-01T00:00:00.000Z',
      content: PROFILE,
    });
    const again = { content: { ...PROFILE, options: 'Otherwise.' } };
    expect(
      await running.refused({ method: 'POST', url: '/api/v1/scan-profiles', payload: again }),
    ).toMatchObject({ code: 'SCAN_PROFILE_TAKEN' });
  });

  it('lets a scan close what it would only call likely fixed, and the certificate names it', async () => {
    now = new Date('2026-11-21T00:00:00Z');
    const without = await importBoth(await running.organization('Without'), {});
    expect(without.sheet?.findings).toMatchObject({ closes: 0 });
    expect(without.sheet?.findings.likelyFixed).toBeGreaterThan(0);

    const organizationId = await running.organization('With');
    const done = await importBoth(organizationId, { profile: profile.id });
    expect(done).toMatchObject({ scanProfileId: profile.id, sheet: { warningsTotal: 0 } });
    expect(done.sheet?.findings.closes).toBeGreaterThan(0);
    const { items } = FindingList.parse(
      (await running.get(`/api/v1/findings?organizationId=${organizationId}&state=verified-fixed`)).json(),
    );
    const certificate = (await running.get(`/api/v1/certificates/${items[0]?.certificateId}`)).body;
    const name = { name: PROFILE.profile, version: 1, sha256: profile.sha256 };
    expect(verifyCertificate(certificate)).toMatchObject({
      verdict: 'valid',
      closure: {
        witnesses: [{ claim: { evidence: 'E2', assumptions: ['A-launched'] }, profile: name }],
      },
    });
  });

  it('counts for nothing when it was registered after the scan began, and the sheet says so', async () => {
    const late = ScanProfile.parse((await register({ content: { ...PROFILE, version: 2 } })).json());
    const done = await importBoth(await running.organization('Late'), { profile: late.id });
    expect(done.sheet).toMatchObject({
      findings: { closes: 0 },
      warnings: [{ code: 'PROFILE_LATER' }],
      warningsTotal: 1,
    });
  });

  it('counts for nothing for another tool', async () => {
    const other = { ...PROFILE, profile: 'other-tool', tool: 'greenbone' };
    const { id } = ScanProfile.parse((await register({ content: other })).json());
    const done = await importBoth(await running.organization('Other tool'), { profile: id });
    expect(done.sheet).toMatchObject({
      findings: { closes: 0 },
      warnings: [{ code: 'PROFILE_OTHER_TOOL' }],
    });
  });

  it('belongs to the organization that it was registered for', async () => {
    const owner = await running.organization('Owner');
    const other = await running.organization('Neighbour');
    const own = { ...PROFILE, profile: 'of-the-owner' };
    const { id } = ScanProfile.parse((await register({ organizationId: owner, content: own })).json());
    const names = async (organizationId: string) =>
      ScanProfileList.parse(
        (await running.get(`/api/v1/scan-profiles?organizationId=${organizationId}`)).json(),
      ).items.map(({ content }) => content.profile);
    expect(await names(owner)).toContain('of-the-owner');
    expect(await names(other)).not.toContain('of-the-owner');
    const answer = await running.upload(nessus('before'), { organizationId: other, profile: id });
    expect(answer.json()).toMatchObject({ code: 'SCAN_PROFILE_UNKNOWN', status: 422 });
  });

  it('is not taken for new imports once it is retired', async () => {
    const retired = await running.send({ method: 'POST', url: `/api/v1/scan-profiles/${profile.id}/retire` });
    expect(ScanProfile.parse(retired.json()).retiredAt).toBe(now.toISOString());
    const organizationId = await running.organization('Afterwards');
    const answer = await running.upload(nessus('before'), { organizationId, profile: profile.id });
    expect(answer.json()).toMatchObject({ code: 'SCAN_PROFILE_UNKNOWN' });
  });

  it.each([
    ['ports that are no ports', { supplies: [{ ...PROFILE.supplies[0], ports: 'all' }] }],
    ['a supply that says more', { supplies: [{ ...PROFILE.supplies[0], evidence: 'E3' }] }],
    ['nothing that it supplies', { supplies: [] }],
    ['a name with blanks', { profile: 'Full and fast' }],
  ])('is refused with %s', async (_, part) => {
    const payload = { content: { ...PROFILE, version: 9, ...part } };
    const problem = await running.refused({ method: 'POST', url: '/api/v1/scan-profiles', payload });
    expect(problem.code).toBe('REQUEST_INVALID');
  });
});
