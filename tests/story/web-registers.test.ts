import { OrganizationList } from '@backcheck/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ORGANIZATIONS,
  officeWorkbook,
  WRONG_CELLS,
} from '../../packages/server/src/testing/office-workbook.ts';
import { expectAccessible, expectFits as expectFit, hasBrowser } from '../support/screens.ts';
import { Stage } from '../support/stage.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** An administrator brings in the register of a district. */
describe.skipIf(!hasBrowser())('registers from spreadsheets, in a browser', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await Stage.open();
    page = stage.administrator;
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  });

  afterAll(() => stage?.close());

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const step = (name: string | RegExp) => page.getByRole('heading', { level: 2, name, exact: true });
  const place = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}(?![0-9A-Za-z])`) });
  const outcome = (name: string) => page.getByRole('group', { name: 'Rows by outcome' }).getByText(name);

  async function choose(name: string, content: Uint8Array | string): Promise<void> {
    const file = { name, mimeType: XLSX, buffer: Buffer.from(content) };
    await page.locator('input[type=file]').setInputFiles(file);
  }

  async function stored(q = ''): Promise<OrganizationList['items']> {
    const query = `/organizations?limit=200${q === '' ? '' : `&q=${q}`}`;
    return OrganizationList.parse(await stage.get(query)).items;
  }

  /** By the step, not by the title of the screen. */
  const expectFits = (shown: { readonly en: string; readonly zh: string }) => expectFit(page, shown, step);

  test('templates are offered right where the file is chosen, in the language of the page', async () => {
    await page.goto(`${stage.server.url}/registers/import`);
    await page.getByText('No register has been imported yet').waitFor();
    await expectFits({ en: 'Templates', zh: '模板' });
    for (const [language, name] of [
      ['zh', 'MLPS survey, 13 sheets'],
      ['en', '等保测评调研表（13 个工作表）'],
    ] as const) {
      await button(language === 'zh' ? '中文' : 'English').click();
      expect(await page.getByRole('link', { name }).count()).toBe(0);
      const link = await page.locator('a[href*="/templates/mlps-survey"]').getAttribute('href');
      expect(link).toContain(`language=${language}`);
      const answer = await page.request.get(`${stage.server.url}${link}`);
      expect([answer.status(), answer.headers()['content-type']]).toEqual([200, XLSX]);
    }
  });

  test('each column stands with its first values beside its field, and a required one that is left out is said', async () => {
    await choose('district.xlsx', await officeWorkbook({ wrong: true }));
    await step('Check what the columns are').waitFor();
    await place('A 单位编码').getByText('DW-001').waitFor();
    await expectFits({ en: 'Check what the columns are', zh: '核对各列的含义' });
    const sector = page.getByRole('combobox', { name: 'Field of column F' });
    await sector.focus();
    await page.keyboard.type('leave out');
    await page.keyboard.press('Enter');
    await page.getByText('No column gives Sector.').waitFor();
    await sector.focus();
    await page.keyboard.type('行业');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByText('No column gives').count()).toBe(0);
  });

  test('twelve wrong cells are named by sheet, row and column with what stands there, and nothing is written', async () => {
    await button('Check the rows').click();
    await outcome('Errors').waitFor();
    await page.getByText('Rows 1 to 12 of 12').waitFor();
    for (const { row, column, value } of WRONG_CELLS) {
      const line = place(`Sheet 单位, row ${row}, column ${column}`);
      await line.getByText(value ?? 'empty', { exact: true }).waitFor();
    }
    expect(await page.evaluate('document.activeElement?.id')).toBe('step-title');
    await page.getByText('Nothing has been written yet.').waitFor();
    await expectFits({ en: 'Check the rows', zh: '检查各行' });
    expect(await stored()).toEqual([]);
    await outcome('New').click();
    await page.getByText('Rows 1 to 50 of 288').waitFor();
    await button('Next rows').click();
    await page.getByText('Rows 51 to 100 of 288').waitFor();
  });

  test('bad rows are left out by a tick only', async () => {
    await button('Continue').click();
    await page.getByText('This adds 288 and changes 0 records.').waitFor();
    expect(await button('Apply').isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Leave out 12 rows with errors' }).check();
    expect(await button('Apply').isDisabled()).toBe(false);
    await expectFits({ en: 'Apply the changes', zh: '写入变更' });
    await button('Back to the rows').click();
  });

  test('the mended file goes the same way without a word about columns, and is applied', async () => {
    await choose('district, mended.xlsx', await officeWorkbook());
    await page.getByText('Rows 1 to 50 of 300').waitFor();
    await button('Continue').click();
    await page.getByText('This adds 300 and changes 0 records.').waitFor();
    await button('Apply').click();
    await step('Applied').waitFor();
    await page.getByText('300 records were added and 0 were changed.').waitFor();
    await expectFits({ en: 'Applied', zh: '已写入' });
    expect(await stored('DW-300')).toMatchObject([{ name: `临湖区第${ORGANIZATIONS}单位` }]);
  });

  const undo = async () => {
    await button('Undo this import').click();
    await page.getByRole('dialog').getByText('what it changed gets its earlier values back').waitFor();
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Undo', exact: true }).click();
  };

  test('undone everything is as before, and the same file is applied again', async () => {
    await button('Undo this import').click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('Undo this import');
    await undo();
    await page.getByText('This import was undone.').waitFor();
    expect(await stored()).toEqual([]);
    await expectFits({ en: 'Check the rows', zh: '检查各行' });
    await button('Continue').click();
    await button('Apply').click();
    await step('Applied').waitFor();
    expect((await stored()).length).toBe(200);
  });

  test('a changed record shows before and after; what was changed since stands in the way of undoing', async () => {
    const first = page.url();
    await page.getByRole('link', { name: 'Import another file' }).click();
    await choose('names.csv', '单位编码,单位名称\nDW-005,临湖区第五中学\nDW-006,临湖区第6单位\n');
    await button('Check the rows').click();
    const line = place('Row 2');
    await line.locator('del', { hasText: '临湖区第5单位' }).waitFor();
    await line.locator('ins', { hasText: '临湖区第五中学' }).waitFor();
    await expectFits({ en: 'Check the rows', zh: '检查各行' });
    await button('Continue').click();
    await page.getByText('This adds 0 and changes 1 records. 1 unchanged row is left alone.').waitFor();
    await button('Apply').click();
    await step('Applied').waitFor();
    await page.goto(first);
    await undo();
    await page.getByText('Nothing was undone.').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'DW-005 · changed since' }).waitFor();
    await expectFits({ en: 'Applied', zh: '已写入' });
    await page.getByRole('link', { name: 'All register imports' }).click();
    await page.getByRole('row', { name: /names\.csv Applied/ }).waitFor();
    await page.getByRole('row', { name: /district\.xlsx Checked, not applied/ }).waitFor();
    await expectFits({ en: 'Latest imports', zh: '最近的导入' });
  });

  test('columns are remembered by their headers, and a conflict says what to do', async () => {
    await choose('names again.csv', '单位编码,单位名称\nDW-007,甲\nDW-007,乙\n');
    await page.getByText('These headers were imported before.').waitFor();
    await button('Check the rows').click();
    await place('Row 2, column A').getByText('Keep one of the two rows in the file.').waitFor();
    await expectFits({ en: 'Check the rows', zh: '检查各行' });
    await button('Continue').click();
    await page.getByRole('checkbox', { name: 'Leave out 2 rows with conflicts' }).waitFor();
    await page.getByText('there is nothing to write').waitFor();
    expect(await button('Apply').isDisabled()).toBe(true);
  });
});
