import type { Text } from '@backcheck/contract';
import type { Field, FieldType, ItemKind } from '@backcheck/core';
import type { CellValue, WriteSheet } from 'hucre';

/** What a person reads before filling in: one row for each column of each sheet. */
export interface SheetNotes {
  readonly sheet: Text;
  readonly fields: readonly Field[];
  readonly remark: Text | null;
}

const HEADERS: readonly Text[] = [
  { zh: '工作表', en: 'Sheet' },
  { zh: '列', en: 'Column' },
  { zh: '是否必填', en: 'Mandatory' },
  { zh: '填写方法', en: 'What to write' },
];
const WIDTHS = [24, 28, 10, 90];

const GENERAL: readonly Text[] = [
  {
    zh: '一行一条记录；不要合并单元格；列的顺序和标题写法可以调整，多余的列会被忽略。',
    en: 'One record in one row, and no merged cells. Columns may be in any order; columns that are not known are left out.',
  },
  {
    zh: '文字以 = + - @ 开头时，导出的文件会在前面加一个单引号，导入时自动去掉。',
    en: 'An exported text that begins with = + - @ has an apostrophe in front, which the import takes away.',
  },
];

const LISTS: Readonly<Record<ItemKind, Text>> = {
  text: { zh: '可填多项', en: 'Several entries' },
  ip: { zh: '可填多个 IPv4 或 IPv6 地址', en: 'Several IPv4 or IPv6 addresses' },
  mac: { zh: '可填多个 MAC 地址', en: 'Several MAC addresses' },
  domain: { zh: '可填多个域名', en: 'Several domain names' },
  url: {
    zh: '可填多个网址，以 http:// 或 https:// 开头',
    en: 'Several addresses that begin with http:// or https://',
  },
};

const SIMPLE: Readonly<
  Record<Exclude<FieldType['kind'], 'text' | 'integer' | 'choice' | 'list' | 'boolean'>, Text>
> = {
  code: {
    zh: '本单位自定的编码，不含空格，最多 64 个字符',
    en: 'A code of your own without spaces, at most 64 characters',
  },
  date: { zh: '日期，如 2026-11-21', en: 'A date like 2026-11-21' },
  email: { zh: '邮箱地址', en: 'An email address' },
  phone: { zh: '电话号码（请用文本格式）', en: 'A phone number, in a cell of text' },
  uscc: {
    zh: '18 位统一社会信用代码，会检查校验码',
    en: 'A code of 18 characters; its check digit is checked',
  },
  region: { zh: '6 位行政区划代码', en: 'A region code of 6 digits' },
  'mlps-filing': { zh: '等保备案编号，通常为 11 位数字', en: 'An MLPS filing number, usually 11 digits' },
  icp: { zh: 'ICP 备案号，如“京ICP备12345678号”', en: 'An ICP number such as 京ICP备12345678号' },
};

function noteOf({ type }: Field): Text {
  switch (type.kind) {
    case 'text':
      return { zh: `文字，最多 ${type.max} 个字符`, en: `Text, at most ${type.max} characters` };
    case 'integer':
      return { zh: `整数，${type.min} 到 ${type.max}`, en: `A whole number from ${type.min} to ${type.max}` };
    case 'boolean':
      return { zh: '是或否', en: 'Yes or No' };
    case 'choice':
      return {
        zh: `选择：${type.choices.map(({ label }) => label.zh).join('、')}`,
        en: `One of: ${type.choices.map(({ label }) => label.en).join(', ')}`,
      };
    case 'list': {
      const { zh, en } = LISTS[type.of];
      return { zh: `${zh}，用分号或换行隔开`, en: `${en}, with semicolons or line breaks between them` };
    }
    default:
      return SIMPLE[type.kind];
  }
}

/** The sheet "how to fill". A sheet with another name in English has both. */
export function notesSheet(notes: readonly SheetNotes[], language: keyof Text): WriteSheet {
  const bold = { font: { bold: true } };
  const yes = { zh: '是', en: 'Yes' }[language];
  const rows: CellValue[][] = [
    ...GENERAL.map((one) => [one[language]]),
    [],
    HEADERS.map((one) => one[language]),
  ];
  const header = rows.length - 1;
  for (const { sheet, fields, remark } of notes) {
    const name = sheet.zh === sheet.en ? sheet.zh : `${sheet.zh} / ${sheet.en}`;
    if (remark !== null) rows.push([name, null, null, remark[language]]);
    for (const field of fields)
      rows.push([name, field.label[language], field.required ? yes : null, noteOf(field)[language]]);
  }
  return {
    name: { zh: '填写说明', en: 'How to fill' }[language],
    rows,
    columns: WIDTHS.map((width) => ({ width })),
    cells: new Map(
      HEADERS.map((one, column) => [`${header},${column}`, { value: one[language], style: bold }]),
    ),
  };
}
