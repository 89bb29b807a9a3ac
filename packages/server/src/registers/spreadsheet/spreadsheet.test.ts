import { CATALOGUE, type Cell, REGISTER_KINDS, type RegisterRecord, readRecord } from '@backcheck/core';
import fc from 'fast-check';
import { writeXlsx } from 'hucre';
import { describe, expect, it, test } from 'vitest';
import { neutralised } from '../../platform/neutralise.ts';
import { mappedSheet, readSheetRecord, type SheetRecord } from '../sheet-record.ts';
import { findTable, type Table } from './find-table.ts';
import { openSpreadsheet } from './open-spreadsheet.ts';
import {
  columnLetter,
  type Sheet,
  type SheetRow,
  type Spreadsheet,
  type SpreadsheetRefusal,
} from './spreadsheet.ts';
import { writeRegister, writeRegisterCsv } from './write-workbook.ts';

async function opened(bytes: Uint8Array): Promise<Spreadsheet> {
  const found = await openSpreadsheet(bytes);
  if ('refused' in found) throw new Error(`refused: ${found.refused}`);
  return found;
}

async function onlySheet(bytes: Uint8Array): Promise<Sheet> {
  const [sheet] = (await opened(bytes)).sheets;
  if (sheet === undefined) throw new Error('there is no sheet');
  return sheet;
}

async function rowsOf(sheet: Sheet): Promise<SheetRow[] | SpreadsheetRefusal> {
  const all: SheetRow[] = [];
  const refusal = await sheet.walk(async (rows) => void all.push(...rows));
  return refusal ?? all;
}

async function tableOf(sheet: Sheet): Promise<Table> {
  const table = await findTable(sheet);
  if (table === null || 'refused' in table) throw new Error('no table was found');
  return table;
}

async function recordsOf(bytes: Uint8Array): Promise<SheetRecord[]> {
  const sheet = await onlySheet(bytes);
  const { mapping, ...table } = await tableOf(sheet);
  const described = { ...table, name: sheet.name, rows: 0, samples: [], columns: mapping, remembered: false };
  const mapped = mappedSheet(0, described, null);
  if (mapped === null) throw new Error('the sheet is ignored');
  const rows = await rowsOf(sheet);
  if ('refused' in rows) throw new Error(`refused: ${rows.refused}`);
  return rows.filter(({ row }) => row > table.headerRow).map((row) => readSheetRecord(mapped, row));
}

const xlsx = (rows: Cell[][], name = '资产台账') => writeXlsx({ sheets: [{ name, rows }] });

const ASSETS =
  '资产编号,单位编码,IP 地址,资产名称\nA1,H1,192.0.2.7,门户\n\nA2,H1,192.0.2,"两行\n名称"\nA3,H1,192.0.2.9,尾';

describe('a CSV file', () => {
  const utf16 = Buffer.from(ASSETS, 'utf16le');
  it.each([
    ['UTF-8', Buffer.from(ASSETS)],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${ASSETS}`)],
    ['UTF-16 with its mark', Buffer.concat([Buffer.of(0xff, 0xfe), utf16])],
    ['UTF-16, the other way round', Buffer.concat([Buffer.of(0xfe, 0xff), Buffer.from(utf16).swap16()])],
    ['semicolons', Buffer.from(ASSETS.replaceAll(',', ';'))],
  ])('in %s says each row as Excel numbers it', async (_, bytes) => {
    const rows = await recordsOf(bytes);
    expect(rows.map(({ rowNo }) => rowNo)).toEqual([2, 4, 5]);
    expect(rows[0]?.record).toMatchObject({ assetCode: 'A1', name: '门户' });
    expect(rows[1]?.problems).toMatchObject([{ column: 'C', code: 'CELL_NOT_AN_IP' }]);
    expect(rows[2]?.record).toMatchObject({ name: '尾' });
  });

  test('in GB18030, as Excel saves it in China, is read', async () => {
    // "单位编码,单位名称,行业\r\nH1,湖畔医院,卫生" in GB18030.
    const hex = 'b5a5cebbb1e0c2eb2cb5a5cebbc3fbb3c62cd0d0d2b50d0a48312cbafec5cfd2bdd4ba2cceC0c9fa';
    const [row] = await recordsOf(Buffer.from(hex, 'hex'));
    expect(row?.record).toEqual({ organizationCode: 'H1', nameZh: '湖畔医院', sector: '卫生' });
  });

  test('with an open quote or bytes of no encoding is refused', async () => {
    expect(await rowsOf(await onlySheet(Buffer.from('a,b\n"1,2\n')))).toEqual({
      refused: 'SPREADSHEET_DAMAGED',
    });
    const bytes = Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0xff, 0xff, 0x80, 0x0a]);
    expect(await rowsOf(await onlySheet(bytes))).toEqual({ refused: 'SPREADSHEET_ENCODING' });
  });
});

describe('an XLSX file', () => {
  test('gives text, numbers, dates, booleans and the results of formulas', async () => {
    const day = new Date('2026-03-01');
    const formula = new Map([
      ['0,4', { formula: 'SUM(1,2)', formulaResult: 3 }],
      ['0,5', { formula: 'SUM(1,2)' }],
    ]);
    const bytes = await writeXlsx({
      sheets: [{ name: '表', rows: [['a', 1.5, true, day]], cells: formula }],
    });
    expect(await rowsOf(await onlySheet(bytes))).toEqual([
      { row: 1, cells: ['a', 1.5, true, day, 3, '#UNCALCULATED'] },
    ]);
  });

  test('has its header where it maps best, under titles and remarks', async () => {
    const rows = [
      ['某市单位资产登记表'],
      [],
      ['资产', '备注'],
      ['资产编号*', '单位编码*', 'IP地址', '资产名称'],
      ['A1', 'H1', '192.0.2', '门户'],
    ];
    const [row] = await recordsOf(await xlsx(rows));
    expect(row).toMatchObject({ rowNo: 5, problems: [{ column: 'C', field: 'ips' }] });
  });

  test('of the survey says by the name of a sheet what its rows are', async () => {
    const rows = [
      ['资产编号', '单位编码', 'IP地址'],
      ['A1', 'H1', '192.0.2.7'],
    ];
    const [row] = await recordsOf(await xlsx(rows, '3、网络设备情况表'));
    expect(row?.record).toMatchObject({ type: 'network' });
  });

  test('is told which register it is by its columns', async () => {
    for (const kind of REGISTER_KINDS) {
      const sheet = await onlySheet(
        await xlsx([CATALOGUE[kind].fields.map(({ label }) => label.zh), ['x', 'y']], '表'),
      );
      expect((await tableOf(sheet)).kind).toBe(kind);
    }
    expect(
      await findTable(
        await onlySheet(
          await xlsx([
            ['甲', '乙'],
            ['1', '2'],
          ]),
        ),
      ),
    ).toBeNull();
  });
});

/** A zip of parts that are not packed (APPNOTE.TXT 4.3); nobody asks for its checksums. */
function zipped(parts: Readonly<Record<string, string>>): Buffer {
  const [locals, centrals]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const bytes = Buffer.from(text);
    const local = Buffer.alloc(30);
    const central = Buffer.alloc(46);
    local.writeUInt32LE(0x04034b50);
    central.writeUInt32LE(0x02014b50);
    for (const at of [20, 24]) central.writeUInt32LE(bytes.length, at);
    local.writeUInt16LE(name.length, 26);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), bytes);
    centrals.push(central, Buffer.from(name));
    offset += 30 + name.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(centrals.length / 2, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...centrals, end]);
}

const relations = (...all: string[]) => `<Relationships>${all.join('')}</Relationships>`;
const leadsTo = (type: string, target: string) =>
  `<Relationship Id="${type}" Type="x/${type}" Target="${target}"/>`;

describe('a workbook of a stranger', () => {
  const workbook = (cell: string) =>
    zipped({
      '_rels/.rels': relations(leadsTo('officeDocument', 'book.xml')),
      'book.xml': '<workbook><sheets><sheet name="a_x0000_" r:id="worksheet"/></sheets></workbook>',
      '_rels/book.xml.rels': relations(leadsTo('worksheet', 'one.xml'), leadsTo('hyperlink', 'http://[none')),
      'one.xml': `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>${cell}</t></is></c></row></sheetData></worksheet>`,
    });

  test('is read although a link in it leads to no address', async () => {
    expect(await rowsOf(await onlySheet(workbook('x')))).toEqual([{ row: 1, cells: ['x'] }]);
  });

  test('and a CSV file lose the characters that no database keeps', async () => {
    expect(await rowsOf(await onlySheet(workbook('a_x0000_b_xD800_c')))).toEqual([
      { row: 1, cells: ['ab\ufffdc'] },
    ]);
    expect(await rowsOf(await onlySheet(Buffer.from('abc\0,d\n')))).toEqual([
      { row: 1, cells: ['abc', 'd'] },
    ]);
  });
});

describe('what is beyond the bounds or no table is refused', () => {
  const wide = (column: number) => [
    Array.from({ length: column }, (_, n) => (n === column - 1 ? 'x' : null)),
  ];
  it.each<[string, () => Promise<Uint8Array> | Uint8Array, object]>([
    [
      'columns',
      () => xlsx(wide(201), '表'),
      { refused: 'SPREADSHEET_TOO_MANY_COLUMNS', place: { sheet: '表', row: 1 } },
    ],
    [
      'columns of a CSV',
      () => Buffer.from(`${','.repeat(200)}x\n`),
      { refused: 'SPREADSHEET_TOO_MANY_COLUMNS', place: { sheet: '', row: 1 } },
    ],
    [
      'rows',
      () => Buffer.from('x\n'.repeat(100_001)),
      { refused: 'SPREADSHEET_TOO_MANY_ROWS', place: { sheet: '', row: 100_001 } },
    ],
    [
      'a cell',
      () => Buffer.from(`a,b\n1,${'x'.repeat(32_768)}\n`),
      { refused: 'SPREADSHEET_CELL_TOO_LONG', place: { sheet: '', row: 2, column: 'B' } },
    ],
  ])('%s', async (_, make, refusal) => {
    expect(await rowsOf(await onlySheet(await make()))).toEqual(refusal);
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', Buffer.alloc(0), 'SPREADSHEET_EMPTY'],
    ['an old XLS or a password', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'SPREADSHEET_LOCKED_OR_OLD'],
    ['a web page', Buffer.from('<html><table>'), 'SPREADSHEET_UNREADABLE'],
    ['a zip that is none', Buffer.from('504b0304', 'hex'), 'SPREADSHEET_DAMAGED'],
    ['more than 64 MB', Buffer.alloc(64 * 1024 ** 2 + 1, 0x61), 'SPREADSHEET_TOO_LARGE'],
  ])('%s', async (_, bytes, refused) => {
    expect(await openSpreadsheet(bytes)).toEqual({ refused });
  });

  test('a workbook that is cut or changed anywhere is refused or read, and never a fault', async () => {
    const whole = await writeRegister('asset', [], 'zh');
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (place, byte, cut) => {
        const bytes = cut ? whole.slice(0, place) : whole.slice();
        if (!cut) bytes[place] = byte;
        const found = await openSpreadsheet(bytes);
        if (!('refused' in found)) for (const sheet of found.sheets) await rowsOf(sheet);
      }),
      { numRuns: 150 },
    );
  });

  test('parts that say to be small and are not end where they said', async () => {
    const bytes = Buffer.from(
      await xlsx([['a'], ...Array.from({ length: 2000 }, () => ['long text '.repeat(9)])]),
    );
    const entry = bytes.indexOf(
      'xl/worksheets/sheet1.xml',
      bytes.lastIndexOf('xl/worksheets/sheet1.xml') - 1,
    );
    bytes.writeUInt32LE(1000, entry - 46 + 24);
    expect(await rowsOf(await onlySheet(bytes))).toEqual({ refused: 'SPREADSHEET_DAMAGED' });
  });
});

const DANGEROUS = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', "'"];

test('no text that is written out begins as a formula', async () => {
  for (const mark of DANGEROUS.slice(0, -1)) expect(neutralised(`${mark}1`)).toBe(`'${mark}1`);
  const record = { assetCode: '=1', organizationCode: '@H', name: '+cmd', hostname: '＝2', location: '-1' };
  const csv = Buffer.from(writeRegisterCsv('asset', [record], 'zh')).toString();
  expect(csv.split('\r\n')[1]).toMatch(/^'=1,'@H,,'\+cmd,,'＝2,/);
});

const anyText = fc
  .tuple(
    fc.constantFrom('', ...DANGEROUS, "'=", "''-"),
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('_x0041_', 'a"b', 'a\nb', 'a,b;c', '\ufffd')),
  )
  .map(([start, end]) => start + end);

test('an export that is read back is the register that was written', async () => {
  const row = fc.tuple(...Array.from({ length: 60 }, () => anyText));
  const register = fc
    .constantFrom(...REGISTER_KINDS)
    .chain((kind) => fc.tuple(fc.constant(kind), fc.array(row, { minLength: 1, maxLength: 4 })));
  await fc.assert(
    fc.asyncProperty(
      register,
      fc.constantFrom('zh' as const, 'en' as const),
      async ([kind, rows], language) => {
        const records = rows.map((texts, n): RegisterRecord => {
          const cells = CATALOGUE[kind].fields.map(({ key }, column) => [key, texts[column] ?? ''] as const);
          // Unusable cells have no value, so what is written is a register that could be.
          return { ...readRecord(kind, new Map(cells)).record, organizationCode: `=H${n}` };
        });
        for (const bytes of [
          await writeRegister(kind, records, language),
          writeRegisterCsv(kind, records, language),
        ])
          expect((await recordsOf(bytes)).map(({ record }) => record)).toEqual(records);
      },
    ),
    { numRuns: 60 },
  );
});

test('columns are lettered as in a spreadsheet', () => {
  expect([0, 25, 26, 51, 52, 199].map(columnLetter)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'GR']);
});
