import { CATALOGUE } from '@backcheck/core';
import { readXlsx } from 'hucre';
import { expect, test } from 'vitest';
import { findTable } from './find-table.ts';
import { openSpreadsheet } from './open-spreadsheet.ts';
import { SURVEY_SHEETS, surveySheetNamed } from './survey-sheets.ts';
import { TEMPLATES, writeTemplate } from './write-workbook.ts';

async function tablesOf(bytes: Uint8Array) {
  const found = await openSpreadsheet(bytes);
  if ('refused' in found) throw new Error(found.refused);
  const tables = await Promise.all(
    found.sheets.map(async (sheet) => ({ name: sheet.name, table: await findTable(sheet) })),
  );
  return tables.flatMap(({ name, table }) => (table === null || 'refused' in table ? [] : [{ name, table }]));
}

test('every template is recognised when it comes back, with every column known', async () => {
  const kinds = {
    organizations: 'organization',
    systems: 'system',
    assets: 'asset',
    contacts: 'contact',
  } as const;
  for (const language of ['zh', 'en'] as const)
    for (const template of TEMPLATES) {
      if (template === 'mlps-survey') continue;
      const [found, second] = await tablesOf(await writeTemplate(template, language));
      expect(second).toBeUndefined();
      expect(found?.table.kind).toBe(kinds[template]);
      expect(found?.table.mapping).toEqual(CATALOGUE[kinds[template]].fields.map(({ key }) => key));
    }
});

test('the survey has thirteen sheets; those that feed a register say so, the others stay documents', async () => {
  const bytes = await writeTemplate('mlps-survey', 'zh');
  const names = (await openSpreadsheet(bytes).then((found) => ('refused' in found ? [] : found.sheets))).map(
    ({ name }) => name,
  );
  expect(names).toEqual(['填写说明', ...SURVEY_SHEETS.map(({ name }) => name.zh)]);
  expect(SURVEY_SHEETS).toHaveLength(13);
  const tables = await tablesOf(bytes);
  const feeding = SURVEY_SHEETS.flatMap(({ name, feeds }) =>
    feeds === null ? [] : [[name.zh, feeds.kind, feeds.preset]],
  );
  expect(tables.map(({ name, table }) => [name, table.kind, table.preset])).toEqual(feeding);
  for (const { table } of tables) expect(table.mapping).not.toContain(null);
});

test('sheets of the survey are known however offices number them', () => {
  const known = (name: string) => surveySheetNamed(name)?.name.en;
  expect(['3、网络设备情况', '表4 安全设备', '服务器/存储', '11.安全人员名单', '系统'].map(known)).toEqual([
    'Network devices',
    'Security devices',
    'Servers and storage',
    'Security staff',
    'Systems',
  ]);
  expect(known('资产台账')).toBeUndefined();
});

test('a form has a bold frozen header, drop-down lists that reach their words, and columns of text', async () => {
  const book = await readXlsx(await writeTemplate('systems', 'en'), { readStyles: true });
  const [sheet] = book.sheets;
  const column = CATALOGUE.system.fields.findIndex(({ key }) => key === 'mlpsLevel');
  const letter = String.fromCharCode(65 + column);
  const list = sheet?.dataValidations?.find(({ range }) => range.startsWith(`${letter}2:`));
  expect(sheet?.freezePane).toMatchObject({ rows: 1 });
  expect(sheet?.cells?.get('0,0')?.style?.font?.bold).toBe(true);
  expect(sheet?.cells?.get('1,0')?.style?.numFmt).toBe('@');
  const place = /^'_lists'!\$([A-Z]+)\$1:\$\1\$6$/.exec(list?.formula1 ?? '')?.[1] ?? '';
  const words = book.sheets
    .find(({ name }) => name === '_lists')
    ?.rows.map((row) => row[place.charCodeAt(0) - 65]);
  expect(words?.slice(0, 6)).toEqual(['Level 1', 'Level 2', 'Level 3', 'Level 4', 'Level 5', 'Not graded']);
});
