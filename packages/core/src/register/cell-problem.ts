import type { Text } from '../observe/text.ts';

/** What is wrong with one cell, or with how the cells of one row fit together. */
export const CELL_PROBLEMS = {
  CELL_REQUIRED: { zh: '此项必填', en: 'This must be filled in' },
  CELL_TOO_LONG: { zh: '内容过长：最多 {max} 个字符', en: 'Too long: at most {max} characters' },
  CELL_TOO_MANY_ITEMS: { zh: '最多填写 {max} 项', en: 'At most {max} entries' },
  CELL_FORMULA_ERROR: { zh: '公式没有得出结果（{value}）', en: 'The formula gives no result ({value})' },
  CELL_DIGITS_LOST: {
    zh: '表格软件把它当作数字，只保留了 15 位：请将单元格设为文本格式后重新填写',
    en: 'The spreadsheet took this for a number and kept 15 digits: make the cell text and type it again',
  },
  CELL_WAS_DATE: {
    zh: '表格软件把它变成了日期，已读作“{value}”，请核对',
    en: 'The spreadsheet turned this into a date; it is read as "{value}", please check',
  },
  CELL_CODE_HAS_SPACE: { zh: '编码“{value}”不能含空格', en: 'The code "{value}" must not contain spaces' },
  CELL_NOT_A_NUMBER: { zh: '“{value}”不是整数', en: '"{value}" is not a whole number' },
  CELL_OUT_OF_RANGE: { zh: '应在 {min} 到 {max} 之间', en: 'Must be between {min} and {max}' },
  CELL_NOT_A_DATE: {
    zh: '“{value}”不是日期：请写成 2026-11-21',
    en: '"{value}" is not a date: write it like 2026-11-21',
  },
  CELL_DATE_IMPLAUSIBLE: {
    zh: '日期 {value} 不合理：应在 {min} 到 {max} 之间',
    en: 'The date {value} is not plausible: it must be between {min} and {max}',
  },
  CELL_NOT_YES_NO: { zh: '“{value}”应填“是”或“否”', en: '"{value}" must be yes or no' },
  CELL_NOT_IN_LIST: { zh: '“{value}”不在可选项中：{allowed}', en: '"{value}" is none of: {allowed}' },
  CELL_NOT_AN_IP: { zh: '“{value}”不是 IP 地址', en: '"{value}" is not an IP address' },
  CELL_NOT_A_MAC: { zh: '“{value}”不是 MAC 地址', en: '"{value}" is not a MAC address' },
  CELL_NOT_A_DOMAIN: { zh: '“{value}”不是域名', en: '"{value}" is not a domain name' },
  CELL_NOT_A_URL: { zh: '“{value}”不是网址', en: '"{value}" is not a web address' },
  CELL_URL_WITHOUT_SCHEME: {
    zh: '“{value}”没有写明协议，已读作 http://',
    en: '"{value}" does not name its protocol and is read as http://',
  },
  CELL_NOT_AN_EMAIL: { zh: '“{value}”不是邮箱地址', en: '"{value}" is not an email address' },
  CELL_NOT_A_PHONE: { zh: '“{value}”不是电话号码', en: '"{value}" is not a phone number' },
  CELL_NOT_USCC: {
    zh: '“{value}”不是统一社会信用代码：应为 18 位数字和大写字母（不含 I、O、S、V、Z）',
    en: '"{value}" is not a unified social credit code: 18 digits and capital letters without I, O, S, V, Z',
  },
  CELL_CHECK_DIGIT: {
    zh: '“{value}”的校验码不对：有一位写错了',
    en: 'The check digit of "{value}" does not fit: one character is wrong',
  },
  CELL_NOT_A_REGION: {
    zh: '“{value}”不是行政区划代码：应为 6 位数字',
    en: '"{value}" is not a region code: 6 digits of GB/T 2260',
  },
  CELL_FILING_NUMBER_UNUSUAL: {
    zh: '“{value}”不像等保备案编号（通常为 11 位数字），请核对',
    en: '"{value}" does not look like an MLPS filing number (11 digits); please check',
  },
  CELL_ICP_NUMBER_UNUSUAL: {
    zh: '“{value}”不像 ICP 备案号，请核对',
    en: '"{value}" does not look like an ICP number; please check',
  },
  ROW_WITHOUT_NAME: { zh: '中文名称和英文名称至少填写一项', en: 'Give a Chinese or an English name' },
  ROW_IS_ITS_OWN_PARENT: { zh: '上级单位不能是本单位', en: 'An organization cannot be its own parent' },
  ROW_ENDS_BEFORE_START: { zh: '结束日期早于开始日期', en: 'It ends before it begins' },
  ROW_WITHOUT_IDENTIFIER: {
    zh: '资产至少要有一个 IP、MAC、域名、网址、云资源标识、序列号或主机名',
    en: 'An asset needs an IP, a MAC, a domain, a web address, a cloud ID, a serial number or a host name',
  },
  ROW_WITHOUT_CHANNEL: {
    zh: '手机、固定电话、邮箱、即时通讯至少填写一项',
    en: 'Give a mobile, a phone, an email or a messenger',
  },
  ROW_CHANNEL_EMPTY: {
    zh: '首选方式没有对应的号码或地址',
    en: 'There is no number or address for the preferred channel',
  },
} as const satisfies Record<string, Text>;

export type CellProblemCode = keyof typeof CELL_PROBLEMS;

/** `facts` fill the places in the text of the code; what differs by language is a `Text`. */
export interface CellProblem {
  readonly code: CellProblemCode;
  readonly facts: Readonly<Record<string, string | Text>>;
}

/** A value that stands in a problem is cut to this: a cell may hold thirty thousand characters. */
const SHOWN = 80;

export function cellProblem(code: CellProblemCode, facts: CellProblem['facts'] = {}): CellProblem {
  const { value } = facts;
  if (typeof value !== 'string' || value.length <= SHOWN) return { code, facts };
  return { code, facts: { ...facts, value: `${value.slice(0, SHOWN).toWellFormed()}…` } };
}

/** The sentence for a person, in both languages. */
export function cellProblemText({ code, facts }: CellProblem): Text {
  const fill = (language: keyof Text): string =>
    CELL_PROBLEMS[code][language].replace(/\{(\w+)\}/g, (place, name: string) => {
      const fact = facts[name];
      return typeof fact === 'object' ? fact[language] : (fact ?? place);
    });
  return { zh: fill('zh'), en: fill('en') };
}
