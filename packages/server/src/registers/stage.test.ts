import { beforeAll, describe, expect, test } from 'vitest';
import { RegisterClient } from '../testing/register-client.ts';
import { RunningApp } from '../testing/running-app.ts';

let running: RunningApp;
let client: RegisterClient;

const csv = (...lines: string[]): string => `\ufeff${lines.join('\r\n')}\r\n`;
const organizations = (...lines: string[]) => csv('单位编码,单位名称,上级单位编码,行业', ...lines);
const assets = (...lines: string[]) => csv('资产编号,单位编码,IP 地址', ...lines);
const contacts = (...lines: string[]) => csv('单位编码,姓名,角色,手机', ...lines);

async function select(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await running.parts.widePool.query(text, values)).rows;
}
const idOf = async (code: string): Promise<number> =>
  Number(
    (await select('select organization_id as id from organization where org_code = $1', [code]))[0]?.['id'],
  );

async function applied(file: string): Promise<string> {
  const staged = await client.stage(file);
  const done = await client.apply(staged.id);
  expect(done).toMatchObject({ state: 'applied', problem: null });
  return staged.id;
}

beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  client = new RegisterClient(await running.visitor('Manager', [{ role: 'campaign-manager' }]));
  await applied(organizations('Q,区,,政务', 'A,甲医院,Q,卫生'));
});

describe('a file that exchanges names', () => {
  test('is refused at its rows, because both cannot be renamed at once', async () => {
    await applied(organizations('N1,东院,A,卫生', 'N2,西院,A,卫生'));
    const staged = await client.stage(organizations('N1,西院,A,卫生', 'N2,东院,A,卫生', 'N3,南院,A,卫生'));
    const outcomes = (await client.rows(staged.id)).map(({ outcome, problems }) => [
      outcome,
      problems.map(({ code }) => code).join(),
    ]);
    const done = await client.apply(staged.id, { skip: ['error'] });
    expect([outcomes, done.problem]).toEqual([
      [
        ['error', 'NAME_TAKEN'],
        ['error', 'NAME_TAKEN'],
        ['new', ''],
      ],
      null,
    ]);
  });

  test('is refused for a new one under a name that another gives up in the same file', async () => {
    await applied(organizations('O1,北院,A,卫生'));
    const staged = await client.stage(organizations('O1,北分院,A,卫生', 'O2,北院,A,卫生'));
    const done = await client.apply(staged.id, { skip: ['error'] });
    expect([done.state, done.problem, done.counts.error]).toEqual(['applied', null, 1]);
  });
});

test('an empty cell for the organization is not taken for the organization of the import where others are named', async () => {
  const upload = await client.upload(assets('E1,A,192.0.2.81', 'E2,,192.0.2.82'), {
    organizationId: String(await idOf('Q')),
  });
  const staged = await client.map(upload);
  expect(
    (await client.rows(staged.id)).map(({ outcome, problems }) => [
      outcome,
      problems.map(({ code }) => code).join(),
    ]),
  ).toEqual([
    ['new', ''],
    ['error', 'CELL_REQUIRED'],
  ]);
});

describe('a name', () => {
  const names = async (code: string) =>
    (await select('select name, name_zh from organization where org_code = $1', [code]))[0];

  test('in Latin letters in the column for Chinese names is the same name when the file comes again', async () => {
    const file = organizations('L1,ABC,Q,政务');
    await applied(file);
    expect((await client.stage(file)).counts).toMatchObject({ same: 1, changed: 0 });
    await applied(organizations('L1,ABD,Q,政务'));
    expect(await names('L1')).toEqual({ name: 'ABD', name_zh: null });
  });

  test('is added to the one in the other language', async () => {
    await applied(organizations('L2,XYZ,Q,政务'));
    await applied(organizations('L2,某局,Q,政务'));
    expect(await names('L2')).toEqual({ name: 'XYZ', name_zh: '某局' });
    await applied(organizations('L2,UVW,Q,政务'));
    expect(await names('L2')).toEqual({ name: 'UVW', name_zh: '某局' });
  });
});

test('a sheet that says nothing of when a contact was verified leaves that as it was, and an undo puts it back', async () => {
  await applied(contacts('A,王五,值班,13800000000'));
  await select(
    `update contact set last_verified_at = '2026-11-20T15:30:00Z', verified_by = 1 where name = '王五'`,
  );
  const verified = async () =>
    (await select(`select last_verified_at as at, verified_by as by from contact where name = '王五'`))[0];
  const before = await verified();
  await applied(contacts('A,王五,值班,13900000000'));
  expect(await verified()).toEqual(before);
  const id = await applied(csv('单位编码,姓名,角色,最近核实日期', 'A,王五,值班,2026-11-21'));
  expect(await verified()).toMatchObject({ by: null });
  await client.undo(id);
  expect(await verified()).toEqual(before);
});

test('a sheet that confirms what is not ours ends that, and one that disputes an asset is a word that can be answered', async () => {
  const states = (state: string) =>
    applied(csv('资产编号,单位编码,IP 地址,资产状态', `D1,A,192.0.2.91,${state}`));
  const disputes = () => select('select ended_as, state_before from ownership_dispute order by 1');
  await states('已确认');
  await states('有争议');
  expect(await disputes()).toEqual([{ ended_as: null, state_before: 'confirmed' }]);
  expect(await select('select reason from ownership_queue')).toEqual([{ reason: 'disputed' }]);
  await states('已确认');
  expect(await disputes()).toEqual([{ ended_as: 'ours', state_before: 'confirmed' }]);
  expect(await select('select reason from ownership_queue')).toEqual([]);
  const [asset] = await select(`select asset_id as id from asset where asset_code = 'D1'`);
  const say = (word: string, payload: object) =>
    running.send({ method: 'POST', url: `/api/v1/assets/${asset?.['id']}/${word}`, payload });
  expect((await say('not-ours', { reason: 'sold' })).statusCode).toBe(200);
  await states('有争议');
  expect(await disputes()).toHaveLength(2);
  expect((await say('ours-after-all', { note: 'bought back' })).statusCode).toBe(200);
  expect(await select(`select register_state from asset where asset_code = 'D1'`)).toEqual([
    { register_state: 'confirmed' },
  ]);
});
