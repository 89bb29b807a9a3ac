import { DojoAnswer } from '@backcheck/contract';
import { insertApiKey } from '@backcheck/db';
import { beforeAll, describe, expect, it } from 'vitest';
import { newSecret } from '../platform/sign-in/tokens.ts';
import { RunningApp } from '../testing/running-app.ts';
import { sarif } from '../testing/sarif.ts';

let running: RunningApp;
let token: string;
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  const { secret, hash } = newSecret('bk_');
  const { rows } = await running.parts.widePool.query<{ account_id: number }>(
    'select account_id from account',
  );
  await insertApiKey(running.parts.widePool, {
    accountId: rows[0]?.account_id ?? 0,
    name: 'ci',
    scope: 'all',
    expiresAt: new Date(Date.now() + 60_000),
    hash,
  });
  token = secret;
});

interface Sent {
  readonly path?: 'import-scan' | 'reimport-scan';
  readonly file?: string | null;
  readonly authorization?: string;
}

/** As curl sends it: a token, a form, no cookie. */
async function post(
  fields: Record<string, string>,
  { path = 'import-scan', file, authorization }: Sent = {},
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  if (file !== null)
    form.set('file', new Blob([file ?? sarif(['R1', 'R2'], '2026-01-01T10:00:00Z')]), 'r.sarif');
  return running.app.inject({
    method: 'POST',
    url: `/api/v2/${path}/`,
    payload: form,
    headers: { authorization: authorization ?? `Token ${token}` },
  });
}

const NAMES = {
  scan_type: 'SARIF',
  product_type_name: 'Hospitals',
  product_name: 'Lakeside Hospital',
  engagement_name: 'nightly',
};
const CREATE = { ...NAMES, auto_create_context: 'true' };

async function sent(fields: Record<string, string>, how: Sent = {}): Promise<DojoAnswer> {
  const answer = await post(fields, how);
  expect(answer.statusCode, answer.body).toBe(201);
  return DojoAnswer.parse(answer.json());
}

describe('a client of DefectDojo', () => {
  it('imports into a product that is made on the way, and gets its numbers back', async () => {
    const first = await sent({
      ...CREATE,
      test_title: 'CI',
      tags: 'a',
      skip_duplicates: 'true',
      active: 'True',
    });
    expect(first).toMatchObject({
      scan_type: 'SARIF',
      file: null,
      test_title: 'CI',
      product_name: 'Lakeside Hospital',
      active: true,
      minimum_severity: 'Info',
      close_old_findings: false,
      deduplication_complete: true,
      pro: [],
      statistics: {
        delta: {
          created: { medium: { active: 2, total: 2 }, total: { total: 2 } },
          closed: { total: { total: 0 } },
        },
        after: { medium: { active: 2, is_mitigated: 0, total: 2 }, total: { active: 2 } },
      },
    });
    expect(first.statistics.before).toBeUndefined();
    expect(first.test_id).toBe(first.test);
    const { json } = await running.get('/api/v1/organizations');
    expect(json().items).toMatchObject([{ id: String(first.product_id), name: 'Lakeside Hospital' }]);
  });

  it('gets "closed" only for what the file proves gone; the rest is absent, not covered, with its reasons', async () => {
    const file = sarif(['R3'], '2026-01-02T10:00:00Z', ['R1']);
    const second = await sent({ ...CREATE, test_title: 'CI' }, { path: 'reimport-scan', file });
    expect(second.statistics).toMatchObject({
      before: { total: { active: 2, is_mitigated: 0, total: 2 } },
      delta: {
        created: { total: { total: 1 } },
        closed: { total: { total: 1, is_mitigated: 1 } },
        untouched: { total: { total: 0 } },
        absent_not_covered: { total: { total: 1 } },
      },
      after: { total: { active: 2, is_mitigated: 1, total: 3 } },
    });
    expect(second.backcheck).toMatchObject({
      already_imported: false,
      absent_not_covered: { total: 1, reasons: { CHECK_NOT_RUN: 1 } },
    });
  });

  it('gets "reactivated" for what returned', async () => {
    const file = sarif(['R1', 'R3'], '2026-01-03T10:00:00Z');
    const third = await sent({ ...CREATE, test_title: 'CI' }, { path: 'reimport-scan', file });
    expect(third.statistics).toMatchObject({
      before: { total: { active: 2, is_mitigated: 1 } },
      delta: {
        reactivated: { total: { total: 1 } },
        untouched: { total: { total: 1 } },
        created: { total: { total: 0 } },
      },
      after: { total: { active: 3, is_mitigated: 0 } },
    });
  });

  it('changes nothing with the same file again, whatever it asks to be closed', async () => {
    const file = sarif(['R1', 'R3'], '2026-01-03T10:00:00Z');
    const again = await sent(
      { ...CREATE, test_title: 'CI', close_old_findings: 'true' },
      { path: 'reimport-scan', file },
    );
    expect(again.backcheck.already_imported).toBe(true);
    expect(again.statistics.before).toEqual(again.statistics.after);
    expect(again.statistics.delta).toMatchObject({
      untouched: { total: { total: 2 } },
      closed: { total: { total: 0 } },
    });
  });

  it('closes nothing with an empty report, although DefectDojo would', async () => {
    const empty = await sent(
      { ...CREATE, test_title: 'CI', close_old_findings: 'true' },
      {
        path: 'reimport-scan',
        file: sarif([], '2026-01-04T10:00:00Z'),
      },
    );
    expect(empty.statistics.delta).toMatchObject({ closed: { total: { total: 0 } } });
    expect(empty.backcheck.absent_not_covered.total).toBe(3);
  });

  it('finds its test and engagement again by number', async () => {
    const { test, engagement_id, product_id } = await sent({ ...CREATE, engagement_name: 'by number' });
    const file = sarif(['R1'], '2026-02-01T10:00:00Z');
    const again = await sent({ scan_type: 'SARIF', test: String(test) }, { path: 'reimport-scan', file });
    expect(again).toMatchObject({ test, engagement_id, product_id });
    const other = await sent({ scan_type: 'SARIF', engagement: String(engagement_id) }, { file });
    expect(other.engagement_id).toBe(engagement_id);
    expect(other.test).not.toBe(test);
  });

  interface Refused {
    readonly name: string;
    readonly fields: Record<string, string>;
    readonly how?: Sent;
    readonly status?: number;
    readonly body: object;
  }

  const REFUSED: readonly Refused[] = [
    {
      name: 'a wrong token',
      fields: NAMES,
      how: { authorization: 'Token nonsense' },
      status: 403,
      body: { detail: 'Invalid token.' },
    },
    {
      name: 'a scan type that is not read',
      fields: { ...NAMES, scan_type: 'Hydra Scan' },
      body: { scan_type: ['"Hydra Scan" is not a valid choice.'] },
    },
    {
      name: 'neither engagement nor names',
      fields: { scan_type: 'SARIF' },
      body: { message: 'Need engagement_id or product_name + engagement_name to perform import' },
    },
    {
      name: 'a product that is not there',
      fields: { ...NAMES, product_name: 'Nobody' },
      body: { message: 'Product "Nobody" does not exist; auto_create_context makes it' },
    },
    {
      name: 'a test that is not there',
      fields: { scan_type: 'SARIF', test: '999' },
      how: { path: 'reimport-scan' },
      status: 404,
      body: { message: 'A test could not be found!' },
    },
    {
      name: 'a date in the future',
      fields: { ...CREATE, scan_date: '2999-01-01' },
      body: { scan_date: ['The scan_date cannot be in the future!'] },
    },
    { name: 'no file', fields: CREATE, how: { file: null }, body: { file: ['No file was submitted.'] } },
    {
      name: 'a file of no known format',
      fields: CREATE,
      how: { file: 'hello' },
      body: { message: expect.stringContaining('Nothing was imported') },
    },
  ];

  it.each(REFUSED)('is refused in words it knows: $name', async ({ fields, how, status = 400, body }) => {
    const answer = await post(fields, how);
    expect(answer.json()).toEqual(body);
    expect(answer.statusCode).toBe(status);
  });

  it('is refused where two organizations have the name of its product: neither gets the findings of the other', async () => {
    const made = async (payload: object): Promise<string> =>
      (await running.send({ method: 'POST', url: '/api/v1/organizations', payload })).json().id;
    const counties = [await made({ name: 'East county' }), await made({ name: 'West county' })];
    const schools: string[] = [];
    for (const parentId of counties) schools.push(await made({ name: 'First School', parentId }));
    const fields = { ...CREATE, product_name: 'First School' };
    const answer = await post(fields);
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      { message: expect.stringContaining('"First School"') },
    ]);
    await running.send({
      method: 'PATCH',
      url: `/api/v1/organizations/${schools[1]}`,
      payload: { version: 1, fields: { name: 'Second School' } },
    });
    await sent(fields);
    const found = (await running.get('/api/v1/organizations?q=First School')).json().items;
    expect(found.map(({ id }: { id: string }) => id)).toEqual([schools[0]]);
    const imports = (await running.get(`/api/v1/imports?organizationId=${schools[0]}`)).json().items;
    expect(imports).toHaveLength(1);
  });

  it('is refused for a file that is too large, with the size', async () => {
    const answer = await post(CREATE, { file: 'x'.repeat(1_100_000) });
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      { message: 'Report file is too large. Maximum supported size is 0 MB' },
    ]);
  });
});
