import { beforeAll, describe, expect, test } from 'vitest';
import { RegisterClient } from '../testing/register-client.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';

let running: RunningApp;
let wide: RegisterClient;
let liaison: RegisterClient;
let liaisonVisitor: Visitor;

const csv = (...lines: string[]): string => `\ufeff${lines.join('\r\n')}\r\n`;
const organizations = (...lines: string[]) => csv('单位编码,单位名称,上级单位编码,行业', ...lines);
const assets = (...lines: string[]) => csv('资产编号,单位编码,资产名称,IP 地址', ...lines);

const idOf = async (code: string): Promise<number> => {
  const { rows } = await running.parts.widePool.query<{ id: number }>(
    'select organization_id as id from organization where org_code = $1',
    [code],
  );
  return rows[0]?.id ?? 0;
};

const placeOf = async (code: string): Promise<unknown> => {
  const { rows } = await running.parts.widePool.query(
    'select o.status, p.org_code as parent from organization o left join organization p on p.organization_id = o.parent_id where o.org_code = $1',
    [code],
  );
  return rows[0];
};

const fieldOf = async (code: string, field: string): Promise<string | undefined> => {
  const { rows } = await running.parts.widePool.query<{ value: string }>(
    'select fields ->> $2 as value from asset where asset_code = $1',
    [code, field],
  );
  return rows[0]?.value;
};

beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  wide = new RegisterClient(await running.visitor('Manager', [{ role: 'campaign-manager' }]));
  const made = await wide.stage(organizations('Q,区,,政务', 'A,甲医院,Q,卫生', 'B,乙学校,Q,教育'));
  await wide.apply(made.id);
  liaisonVisitor = await running.visitor('Liaison of A', [
    { role: 'liaison', organizationId: await idOf('A') },
  ]);
  liaison = new RegisterClient(liaisonVisitor);
});

const codesOf = async (client: RegisterClient, id: string) =>
  (await client.rows(id)).map(({ row, outcome, problems }) => [
    row,
    outcome,
    problems.map(({ code }) => code).join(),
  ]);

describe('a liaison', () => {
  test('dissolves no organization by a sheet either', async () => {
    const dissolve = csv('单位编码,状态', 'A,已撤销');
    const staged = await liaison.stage(dissolve);
    expect(await codesOf(liaison, staged.id)).toEqual([[2, 'error', 'PARENT_NOT_YOURS']]);
    // Nor by applying what somebody else had compared who may.
    const move = csv('单位编码,上级单位编码,状态', 'A,B,已撤销');
    const theirs = await wide.stage(move, { organizationId: String(await idOf('A')) });
    expect(theirs.counts).toMatchObject({ changed: 1, error: 0 });
    expect((await liaison.apply(theirs.id)).problem?.code).toBe('REGISTERS_CHANGED');
    expect(await placeOf('A')).toEqual({ status: 'active', parent: 'Q' });
    // Nor does a liaison take back what somebody else applied who may.
    const again = await wide.stage(move, { organizationId: String(await idOf('A')) });
    await wide.apply(again.id);
    expect((await liaison.undo(again.id)).problem?.code).toBe('REGISTER_UNDO_REFUSED');
    expect(await placeOf('A')).toEqual({ status: 'dissolved', parent: 'B' });
    await wide.undo(again.id);
    expect(await placeOf('A')).toEqual({ status: 'active', parent: 'Q' });
  });

  test('gets the same answer for a foreign organization as for one that does not exist, on every sheet', async () => {
    const staged = await liaison.stage(
      assets('Z1,A,网关,192.0.2.1', 'Z2,B,网关,192.0.2.2', 'Z3,NOSUCH,网关,192.0.2.3'),
    );
    expect(await codesOf(liaison, staged.id)).toEqual([
      [2, 'new', ''],
      [3, 'error', 'UNKNOWN_ORGANIZATION'],
      [4, 'error', 'UNKNOWN_ORGANIZATION'],
    ]);
    const [, foreign, missing] = await liaison.rows(staged.id);
    expect(foreign?.problems[0]?.text.en.replace('"B"', '')).toBe(
      missing?.problems[0]?.text.en.replace('"NOSUCH"', ''),
    );
    expect(foreign?.problems[0]?.column).toBe('B');
    const tree = await liaison.stage(
      organizations('B,乙学校改名,Q,教育', 'N,新单位,A,教育', 'A,甲医院,Q,卫生'),
    );
    expect(await codesOf(liaison, tree.id)).toEqual([
      [2, 'error', 'UNKNOWN_ORGANIZATION'],
      [3, 'error', 'UNKNOWN_ORGANIZATION'],
      [4, 'error', 'UNKNOWN_ORGANIZATION'],
    ]);
  });

  test('leaves wrong rows out only when that is said, and touches no other organization', async () => {
    const staged = await liaison.stage(assets('Z1,A,网关,192.0.2.1', 'Z2,B,网关,192.0.2.2'));
    const applied = await liaison.apply(staged.id, { skip: ['error'] });
    expect(applied).toMatchObject({ state: 'applied', skip: ['error'], counts: { new: 1, error: 1 } });
    const { rows } = await running.parts.widePool.query('select organization_id, asset_code from asset');
    expect(rows).toEqual([{ organization_id: await idOf('A'), asset_code: 'Z1' }]);
  });

  test('changes the own organization and nothing of its place in the tree', async () => {
    const staged = await liaison.stage(csv('单位编码,地址,上级单位编码', 'A,湖边路 1 号,'));
    expect(await liaison.rows(staged.id)).toMatchObject([
      { outcome: 'changed', changes: [{ field: 'address', before: null, after: '湖边路 1 号' }] },
    ]);
    await liaison.apply(staged.id);
    const { rows } = await running.parts.widePool.query(
      `select parent_id, fields from organization where org_code = 'A'`,
    );
    expect(rows).toEqual([{ parent_id: await idOf('Q'), fields: { address: '湖边路 1 号' } }]);
  });

  test('sees imports of others as if they were not there', async () => {
    const theirs = await wide.upload(organizations('B,乙学校,Q,教育'));
    const answers = [
      liaisonVisitor.get(`/api/v1/register-imports/${theirs.id}`),
      liaisonVisitor.get(`/api/v1/register-imports/${theirs.id}/rows`),
      liaison.ask(theirs.id, 'apply', { skip: [] }),
      liaison.ask(theirs.id, 'undo'),
      liaisonVisitor.get(`/api/v1/registers/asset/export?organizationId=${await idOf('B')}`),
    ];
    for (const answer of answers) expect((await answer).statusCode).toBe(404);
    const exported = (await liaison.export('organization/export?format=csv')).toString();
    expect(exported).toContain('甲医院');
    expect(exported).not.toContain('乙学校');
  });
});

describe('a row is in conflict', () => {
  test('when somebody changed its record after it was exported', async () => {
    const sheet = (await wide.export('asset/export?format=csv&language=zh')).toString();
    const mine = await wide.stage(assets('Z1,A,边界网关,192.0.2.1'));
    await wide.apply(mine.id);
    const staged = await wide.stage(sheet.replace('网关', '旧网关'));
    const [row] = await wide.rows(staged.id, 'conflict');
    expect(row).toMatchObject({ key: 'Z1', problems: [{ code: 'CHANGED_SINCE_EXPORT' }] });
    expect((await wide.refused(wide.ask(staged.id, 'apply'))).code).toBe('REGISTER_ROWS_OPEN');
    await wide.apply(staged.id, { skip: ['conflict'] });
    expect(await fieldOf('Z1', 'name')).toBe('边界网关');
  });

  test('when the file has its record twice, or two rows would be one asset', async () => {
    const staged = await wide.stage(
      assets('D1,A,一,192.0.2.31', 'D1,A,二,192.0.2.32', 'D3,A,三,192.0.2.33', 'D4,A,四,192.0.2.33'),
    );
    expect(await codesOf(wide, staged.id)).toEqual([
      [2, 'conflict', 'DUPLICATE_ROW'],
      [3, 'conflict', 'DUPLICATE_ROW'],
      [4, 'new', ''],
      [5, 'conflict', 'DUPLICATE_ROW'],
    ]);
  });

  test('when its identifiers belong to another registered asset, or to several that scans know', async () => {
    await running.parts.widePool.query(
      `insert into asset (organization_id, identity, identifiers) values ($1, 'fqdn:one.example.org', '[{"kind":"fqdn","value":"one.example.org"}]'), ($1, 'mac:02:00:00:00:00:01', '[]')`,
      [await idOf('A')],
    );
    const staged = await wide.stage(
      csv(
        '资产编号,单位编码,IP 地址,域名,MAC 地址',
        'E1,A,192.0.2.1,,',
        'E2,A,192.0.2.50,one.example.org,02:00:00:00:00:01',
        'E3,A,192.0.2.51,one.example.org,',
      ),
    );
    expect(await codesOf(wide, staged.id)).toEqual([
      [2, 'conflict', 'OTHER_ASSET_CODE'],
      [3, 'conflict', 'SEVERAL_ASSETS'],
      [4, 'changed', ''],
    ]);
    await wide.apply(staged.id, { skip: ['conflict'] });
    expect(await fieldOf('E3', 'ips')).toBe('["192.0.2.51"]');
    expect(await wide.undo(staged.id)).toMatchObject({ state: 'undone', problem: null });
    const { rows } = await running.parts.widePool.query(
      `select asset_code, register_state, identifiers from asset where identity = 'fqdn:one.example.org'`,
    );
    expect(rows).toEqual([
      { asset_code: null, register_state: null, identifiers: [{ kind: 'fqdn', value: 'one.example.org' }] },
    ]);
  });
});

describe('the tree', () => {
  test('a circle is an error at each of its cells, also one that closes over what is stored', async () => {
    const staged = await wide.stage(
      organizations('C1,一,C2,政务', 'C2,二,C1,政务', 'Q,区,A,政务', 'C5,五,C1,政务'),
    );
    expect(await codesOf(wide, staged.id)).toEqual([
      [2, 'error', 'PARENT_CIRCLE'],
      [3, 'error', 'PARENT_CIRCLE'],
      [4, 'error', 'PARENT_CIRCLE'],
      [5, 'error', 'REFERS_TO_WRONG_ROW'],
    ]);
    expect((await wide.rows(staged.id))[0]?.problems[0]).toMatchObject({ column: 'C', value: 'C2' });
  });

  test('a parent may come later in the sheet, and two of one name below one parent are an error', async () => {
    const staged = await wide.stage(
      organizations('F1,分院,F2,卫生', 'F2,总院,Q,卫生', 'F3,分院,F2,卫生', 'F4,乙学校,Q,教育'),
    );
    expect(await codesOf(wide, staged.id)).toEqual([
      [2, 'new', ''],
      [3, 'new', ''],
      [4, 'error', 'NAME_TAKEN'],
      [5, 'error', 'NAME_TAKEN'],
    ]);
  });
});

describe('applying', () => {
  test('two files at once: the second finds the registers changed, is compared again and writes nothing', async () => {
    const [one, two] = [
      await wide.stage(assets('P1,A,甲,192.0.2.61')),
      await wide.stage(assets('P1,A,乙,192.0.2.61')),
    ];
    await Promise.all([wide.ask(one.id, 'apply', {}), wide.ask(two.id, 'apply', {})]);
    const ends = [await wide.settled(one.id), await wide.settled(two.id)];
    expect(ends.map(({ state }) => state).sort()).toEqual(['applied', 'ready']);
    const loser = ends.find(({ state }) => state === 'ready');
    expect(loser).toMatchObject({ problem: { code: 'REGISTERS_CHANGED' }, counts: { new: 0, changed: 1 } });
  });

  test('one file twice at once is applied once', async () => {
    const staged = await wide.stage(assets('P2,A,甲,192.0.2.62'));
    const answers = await Promise.all([wide.ask(staged.id, 'apply', {}), wide.ask(staged.id, 'apply', {})]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([202, 409]);
    expect((await wide.settled(staged.id)).state).toBe('applied');
  });
});

describe('undoing', () => {
  test('is refused with the names of what was changed since, and undoes nothing', async () => {
    const first = await wide.stage(assets('U1,A,甲,192.0.2.71', 'U2,A,乙,192.0.2.72'));
    await wide.apply(first.id);
    await wide.apply((await wide.stage(assets('U2,A,乙改,192.0.2.72'))).id);
    expect(await wide.undo(first.id)).toMatchObject({
      state: 'applied',
      problem: { code: 'REGISTER_UNDO_REFUSED' },
      blockers: [{ kind: 'asset', key: 'U2', why: 'changed' }],
    });
    expect(await fieldOf('U1', 'name')).toBe('甲');
  });

  test('is refused for a new organization that something belongs to by now', async () => {
    const first = await wide.stage(organizations('V1,新院,Q,卫生'));
    await wide.apply(first.id);
    const visitor = await running.visitor('Liaison of V1', [
      { role: 'liaison', organizationId: await idOf('V1') },
    ]);
    expect(await wide.undo(first.id)).toMatchObject({
      blockers: [{ kind: 'organization', key: 'V1', why: 'in-use' }],
    });
    await running.parts.widePool
      .query('delete from access_grant where account_id = $1', [visitor.accountId])
      .catch(() => undefined);
    expect(await idOf('V1')).toBeGreaterThan(0);
  });

  test('puts every field back, what was empty too', async () => {
    const before = await running.parts.widePool.query(
      `select fields, name, status from organization where org_code = 'B'`,
    );
    const staged = await wide.stage(
      csv('单位编码,单位名称,地址,状态,行业', 'B,乙中学,山路 2 号,已撤销,教育'),
    );
    await wide.apply(staged.id);
    await wide.undo(staged.id);
    const after = await running.parts.widePool.query(
      `select fields, name, status from organization where org_code = 'B'`,
    );
    expect(after.rows).toEqual(before.rows);
    expect((await wide.apply(staged.id)).state).toBe('applied');
  });
});

describe('columns', () => {
  test('that a person chose are remembered for the same headers, of the same organization only', async () => {
    const file = csv('编号甲,名称乙,地址丙', 'A-9,门禁,192.0.2.91');
    const first = await liaison.upload(file);
    expect(first.sheets).toMatchObject([{ kind: null, remembered: false }]);
    const payload = { sheets: [{ kind: 'asset', columns: ['assetCode', 'name', 'ips'] }] };
    const url = `/api/v1/register-imports/${first.id}/mapping`;
    expect((await liaisonVisitor.send({ method: 'PUT', url, payload })).statusCode).toBe(202);
    const staged = await liaison.settled(first.id);
    expect(staged.counts).toMatchObject({ new: 1, error: 0 });
    const second = await liaison.upload(file);
    expect(second.sheets[0]).toMatchObject({ kind: 'asset', remembered: true });
    expect(second.sheets[0]?.columns.map(({ field }) => field)).toEqual(['assetCode', 'name', 'ips']);
    expect((await wide.upload(file)).sheets[0]).toMatchObject({ kind: null, remembered: false });
  });

  test('without what names a record are refused by their names in both languages', async () => {
    const made = await wide.upload(assets('A1,A,门禁,192.0.2.92'));
    const payload = { sheets: [{ kind: 'asset', columns: [null, 'organizationCode', 'name', 'ips'] }] };
    const url = `/api/v1/register-imports/${made.id}/mapping`;
    const refusal = await running.refused({ method: 'PUT', url, payload });
    expect(refusal.code).toBe('REGISTER_COLUMNS_MISSING');
    expect([refusal.texts.detail.zh, refusal.texts.detail.en]).toEqual([
      expect.stringContaining('资产编号'),
      expect.stringContaining('Asset code'),
    ]);
  });
});

test('a file that is no sheet is refused in words', async () => {
  const refusal = await wide.refused(wide.post('%PDF-1.7'));
  expect(refusal).toMatchObject({ code: 'REGISTER_FILE_UNREADABLE', status: 422 });
  expect(refusal.texts.detail.zh).toContain('XLSX');
});

test('every form can be had in both languages', async () => {
  for (const name of ['organizations', 'systems', 'assets', 'contacts', 'mlps-survey']) {
    const answer = await liaisonVisitor.get(`/api/v1/registers/templates/${name}?language=zh`);
    expect([name, answer.statusCode, answer.rawPayload.subarray(0, 2).toString()]).toEqual([name, 200, 'PK']);
  }
});
