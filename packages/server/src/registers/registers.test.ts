import { beforeAll, describe, expect, test } from 'vitest';
import { ORGANIZATIONS, officeWorkbook, WRONG_CELLS } from '../testing/office-workbook.ts';
import { RegisterClient } from '../testing/register-client.ts';
import { RunningApp } from '../testing/running-app.ts';

let running: RunningApp;
let manager: RegisterClient;

beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  manager = new RegisterClient(await running.visitor('Manager', [{ role: 'campaign-manager' }]));
});

async function stored(sql: string, values: unknown[] = []): Promise<number> {
  const { rows } = await running.parts.widePool.query<{ n: number }>(
    `select count(*)::int as n from ${sql}`,
    values,
  );
  return rows[0]?.n ?? -1;
}

describe('the workbook of an office', () => {
  test('shows its twelve errors at their cells in both languages, and changes nothing', async () => {
    const staged = await manager.stage(await officeWorkbook({ wrong: true }));
    expect(staged).toMatchObject({
      state: 'ready',
      counts: { new: 288, error: 12, changed: 0, same: 0, conflict: 0 },
    });
    const wrong = await manager.rows(staged.id, 'error');
    expect(
      wrong.map(({ row, problems: [one] }) => ({
        row,
        column: one?.column,
        code: one?.code,
        value: one?.value,
      })),
    ).toEqual(WRONG_CELLS.map(({ row, column, code, value }) => ({ row, column, code, value })));
    for (const { problems } of wrong) {
      expect(problems).toHaveLength(1);
      expect(problems[0]?.text.zh).toMatch(/\p{Script=Han}/u);
      expect(problems[0]?.text.en).toMatch(/[a-z]{2}/i);
    }
    expect(await stored('organization')).toBe(0);
    const refusal = await manager.refused(manager.ask(staged.id, 'apply'));
    expect(refusal).toMatchObject({ code: 'REGISTER_ROWS_OPEN', status: 409 });
    expect(await stored('organization')).toBe(0);
  });

  test('mended it is applied with all its sheets, undone to nothing, and applied again', async () => {
    const staged = await manager.stage(await officeWorkbook({ whole: true }));
    expect(staged.counts).toEqual({ new: 4 * ORGANIZATIONS, changed: 0, same: 0, conflict: 0, error: 0 });
    for (const round of [1, 2]) {
      const applied = await manager.apply(staged.id);
      expect([round, applied.state, applied.problem]).toEqual([round, 'applied', null]);
      expect(await stored('organization_ancestor where depth = 2')).toBe(290);
      expect(
        await stored(
          `asset a join system s using (system_id) where s.sys_code = 'XT-' || substr(asset_code, 4)`,
        ),
      ).toBe(300);
      expect(await stored('contact')).toBe(300);
      expect(
        await stored('register_change where register_import_id = $1 and action = $2', [staged.id, 'created']),
      ).toBe(1200 * round);
      if (round === 2) break;
      const undone = await manager.undo(staged.id);
      expect(undone).toMatchObject({ state: 'undone', problem: null, counts: { new: 1200 } });
      for (const table of ['organization', 'system', 'asset', 'contact'])
        expect([table, await stored(table)]).toEqual([table, 0]);
    }
  });

  test('shows contacts and systems to nobody who may not read them where they are', async () => {
    const [sent] = (await manager.list()).filter(({ state }) => state === 'applied');
    const id = sent?.id ?? '';
    const rows = await manager.rows(id);
    const person = rows.find(({ kind }) => kind === 'contact')?.key ?? 'nobody';
    const platform = await running.visitor('Platform', [{ role: 'platform-administrator' }]);
    const theirs = new RegisterClient(platform);
    const seen = await theirs.rows(id);
    expect(new Set(seen.map(({ kind }) => kind))).toEqual(new Set(['organization']));
    expect(seen.length).toBe(rows.filter(({ kind }) => kind === 'organization').length);
    expect((await theirs.undo(id)).problem).toMatchObject({ code: 'REGISTER_UNDO_REFUSED' });
    for (const path of ['', `/${id}`]) {
      expect((await platform.get(`/api/v1/register-imports${path}`)).body).not.toContain(person);
      expect((await running.get(`/api/v1/register-imports${path}`)).body).toContain(person);
    }
    const lead = new RegisterClient(await running.visitor('Lead', [{ role: 'coordinator-lead' }]));
    expect(await lead.rows(id)).toEqual(rows);
  });

  test('exported and sent back changes nothing, in both formats and languages', async () => {
    for (const kind of ['organization', 'system', 'asset', 'contact']) {
      for (const query of ['format=xlsx&language=zh', 'format=csv&language=en']) {
        const staged = await manager.stage(await manager.export(`${kind}/export?${query}`));
        expect([kind, query, staged.counts]).toEqual([
          kind,
          query,
          { new: 0, changed: 0, same: 300, conflict: 0, error: 0 },
        ]);
      }
    }
  });
});
