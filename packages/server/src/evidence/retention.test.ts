import { createHash, randomBytes } from 'node:crypto';
import {
  Finding,
  FindingList,
  FixClaim,
  Import,
  RETENTION_KINDS,
  RetentionPreview,
  RetentionRules,
} from '@backcheck/contract';
import { createOwnerPool } from '@backcheck/db';
import { beforeAll, describe, expect, it } from 'vitest';
import { RunningApp } from '../testing/running-app.ts';
import { sarif } from '../testing/sarif.ts';
import { expireFiles } from './retention.ts';

const DAY = 86_400_000;
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');
/** The rules that somebody would set who wants everything gone. */
const HOSTILE = { rules: RETENTION_KINDS.map((kind) => ({ kind, days: 0 })) };

let app: RunningApp;
let organizationId: string;
/** The scan that saw R1 and R2, and the one that proved R1 fixed. */
const OPENING = sarif(['R1', 'R2'], '2026-01-01T10:00:00Z');
const CLOSING = sarif(['R2'], '2026-02-01T10:00:00Z', ['R1']);

beforeAll(async () => {
  app = await RunningApp.start();
  organizationId = await app.organization();
  await app.work();
  for (const file of [OPENING, CLOSING]) {
    const sent = Import.parse((await app.upload(file, { organizationId, confirm: 'true' })).json());
    expect((await app.settled(sent.id)).problem).toBeNull();
  }
});

const put = (url: string, payload: object) => app.send({ method: 'PUT', url: `/api/v1${url}`, payload });
const setRules = async (rules: object) => expect((await put('/retention-rules', rules)).statusCode).toBe(200);
const preview = async (trial = '') =>
  RetentionPreview.parse((await app.get(`/api/v1/retention/preview${trial}`)).json()).items;
const rowOf = async (kind: string, trial = '') => (await preview(trial)).find((one) => one.kind === kind);
const isStored = async (bytes: Buffer | string) => (await app.parts.files.stat(sha256(bytes))) !== null;
/** What a migration does. */
async function asOwner(sql: string): Promise<void> {
  const owner = createOwnerPool({ connectionString: app.connectionString });
  await owner.query(sql);
  await owner.end();
}

/** The night that many days from now. */
const night = (days: number) => expireFiles({ ...app.parts, clock: () => new Date(Date.now() + days * DAY) });

async function findingOf(rule: string): Promise<Finding> {
  const answer = await app.get(`/api/v1/findings?check=examplescan:${rule}`);
  const [found] = FindingList.parse(answer.json()).items;
  return Finding.parse((await app.get(`/api/v1/findings/${found?.id}`)).json());
}

async function uploaded(bytes: Buffer): Promise<string> {
  const tus = { 'tus-resumable': '1.0.0' };
  const begun = await app.send({
    method: 'POST',
    url: '/api/v1/uploads',
    headers: { ...tus, 'upload-length': String(bytes.length) },
  });
  const url = String(begun.headers['location']);
  const headers = { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  expect((await app.send({ method: 'PATCH', url, headers, payload: bytes })).statusCode).toBe(204);
  return url.split('/').at(-1) ?? '';
}

const claimWith = async (rule: string, bytes: Buffer) => claimOf(rule, await uploaded(bytes));

async function claimOf(rule: string, uploadId: string): Promise<FixClaim> {
  const payload = {
    findingIds: [(await findingOf(rule)).id],
    cause: 'missing-patch',
    measure: 'patched',
    uploadIds: [uploadId],
  };
  const answer = await app.send({ method: 'POST', url: '/api/v1/fix-claims', payload });
  expect(answer.statusCode, answer.body).toBe(201);
  return FixClaim.parse(answer.json());
}

describe('rules of retention', () => {
  it('stand as the defaults until somebody with the whole installation sets others, and who did is known', async () => {
    const before = RetentionRules.parse((await app.get('/api/v1/retention-rules')).json()).items;
    expect(before.map(({ kind }) => kind)).toEqual([...RETENTION_KINDS]);
    expect(before.find(({ kind }) => kind === 'scan')).toMatchObject({ days: null, setBy: null });
    await setRules({ rules: [{ kind: 'upload', days: 3 }] });
    const after = RetentionRules.parse((await app.get('/api/v1/retention-rules')).json()).items;
    expect(after.find(({ kind }) => kind === 'upload')).toMatchObject({ days: 3, setBy: { name: 'Tester' } });
    expect((await put('/retention-rules', { rules: [{ kind: 'upload', days: -1 }] })).statusCode).toBe(400);
    const liaison = await app.visitor('Liaison', [
      { role: 'liaison', organizationId: Number(organizationId) },
    ]);
    const narrow = await app.visitor('Administrator of one', [
      { role: 'platform-administrator', organizationId: Number(organizationId) },
    ]);
    for (const who of [liaison, narrow]) {
      const change = { method: 'PUT', url: '/api/v1/retention-rules', payload: HOSTILE } as const;
      expect((await who.send(change)).json()).toMatchObject({ code: 'FORBIDDEN' });
      expect((await who.get('/api/v1/retention/preview')).statusCode).toBe(403);
    }
  });

  it('can be tried before they apply; trying deletes nothing', async () => {
    const bytes = randomBytes(1000);
    await uploaded(bytes);
    expect(await rowOf('upload')).toMatchObject({ goes: { files: 0 }, kept: { files: 1, bytes: 1000 } });
    expect(await rowOf('upload', '?rules=upload:0,scan:0')).toMatchObject({
      goes: { files: 0 },
      kept: { files: 1, bytes: 1000 },
    });
    expect(await rowOf('upload', '?rules=upload:for-good')).toMatchObject({ kept: { files: 1 } });
    await app.parts.widePool.query(`update upload set finished_at = finished_at - interval '25 hours'`);
    expect(await rowOf('upload', '?rules=upload:0,scan:0')).toMatchObject({
      goes: { files: 1, bytes: 1000 },
    });
    expect((await app.get('/api/v1/retention/preview?rules=sheets:0')).statusCode).toBe(400);
    expect(await isStored(bytes)).toBe(true);
  });
});

describe('nothing is deleted', () => {
  it('while a certificate cites it or a finding is open, whatever the rules say', async () => {
    expect((await findingOf('R1')).certificateId).not.toBeNull();
    const evidence = randomBytes(2000);
    await claimWith('R2', evidence);
    await setRules(HOSTILE);
    expect(await rowOf('scan')).toMatchObject({ goes: { files: 0 }, held: { files: 2 } });
    expect(await rowOf('claim-evidence')).toMatchObject({
      goes: { files: 0 },
      held: { files: 1, bytes: 2000 },
    });
    await night(36_500);
    for (const bytes of [OPENING, CLOSING, evidence]) expect(await isStored(bytes)).toBe(true);
  });

  it('of a place that no rule speaks of, so that a feature which is added loses nothing', async () => {
    const bytes = randomBytes(300);
    const file = await app.parts.files.receive(
      (async function* () {
        yield bytes;
      })(),
    );
    await file.keep();
    await asOwner(
      'create table later_feature (file_sha256 bytea); grant select on later_feature to backcheck_wide',
    );
    await asOwner(`insert into later_feature values (decode('${file.sha256}', 'hex'))`);
    await night(36_500);
    expect(await isStored(bytes)).toBe(true);
    await asOwner('drop table later_feature');
  });

  it('that somebody takes or sends again at this moment', async () => {
    const bytes = randomBytes(400);
    await setRules({ rules: [{ kind: 'upload', days: 0 }] });
    await uploaded(bytes);
    // 0 days are a day: its record may be on its way
    await night(0);
    expect(await isStored(bytes)).toBe(true);
  });

  it('of an upload that was acknowledged, for a day under any rule: whoever takes it then has its bytes', async () => {
    const bytes = randomBytes(450);
    await setRules({ rules: [{ kind: 'upload', days: 0 }] });
    const uploadId = await uploaded(bytes);
    await night(0.2);
    expect(await isStored(bytes)).toBe(true);
    const claim = await claimOf('R2', uploadId);
    const evidence = await app.get(`/api/v1/fix-claims/${claim.id}/evidence/1`);
    expect([evidence.statusCode, evidence.rawPayload]).toEqual([200, bytes]);
  });
});

describe('what no rule keeps and nothing needs', () => {
  it('goes at night, and the audit log and the table say what, why and under which rule', async () => {
    const [untaken, evidence] = [randomBytes(500), randomBytes(600)];
    await uploaded(untaken);
    const claim = await claimWith('R1', evidence);
    await setRules({
      rules: [
        { kind: 'upload', days: 7 },
        { kind: 'claim-evidence', days: 30 },
      ],
    });
    await night(6);
    expect([await isStored(untaken), await isStored(evidence)]).toEqual([true, true]);
    await night(8);
    expect([await isStored(untaken), await isStored(evidence)]).toEqual([false, true]);
    // R1 is proven fixed: the days of its evidence count from the proof
    await night(31);
    expect(await isStored(evidence)).toBe(false);
    const gone = await app.get(`/api/v1/fix-claims/${claim.id}/evidence/1`);
    expect([gone.statusCode, gone.json().code]).toEqual([410, 'FILE_GONE']);
    expect(gone.headers['content-disposition']).toBeUndefined();
    expect(FixClaim.parse((await app.get(`/api/v1/fix-claims/${claim.id}`)).json()).evidence).toHaveLength(1);
    const { rows } = await app.parts.widePool.query(
      `select organization_id, details from audit_entry where object_id = 'files/' || $1`,
      [sha256(evidence)],
    );
    expect(rows).toMatchObject([
      {
        organization_id: Number(organizationId),
        details: { operation: 'expire-files', rule: 'claim-evidence', days: 30, citedBy: 'claim-evidence' },
      },
    ]);
    const table = await app.parts.widePool.query(
      `select rule, days from expired_file where encode(sha256, 'hex') = $1`,
      [sha256(evidence)],
    );
    expect(table.rows).toEqual([{ rule: 'claim-evidence', days: 30 }]);
  });

  it('stays when other evidence has the same bytes and needs them', async () => {
    const bytes = randomBytes(700);
    await claimWith('R1', bytes);
    await claimWith('R2', bytes);
    await night(4000);
    expect(await isStored(bytes)).toBe(true);
  });

  it('includes uploads that stopped half way', async () => {
    const headers = { 'tus-resumable': '1.0.0', 'upload-length': '10' };
    const begun = await app.send({ method: 'POST', url: '/api/v1/uploads', headers });
    const url = String(begun.headers['location']);
    await night(1);
    expect((await app.get(url)).statusCode).toBe(200);
    await night(3);
    expect((await app.get(url)).statusCode).toBe(404);
    expect(await app.parts.evidence.uploads.stalled(new Date(Date.now() + DAY))).toEqual([]);
  });
});
