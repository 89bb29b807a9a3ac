import { describe, expect, it, test } from 'vitest';
import { CATALOGUE, fieldOf } from './catalogue.ts';
import { cellProblemText } from './cell-problem.ts';
import { type Cell, type Field, type FieldValue, REGISTER_KINDS, type RegisterKind } from './field.ts';
import { parseCell } from './parse-cell.ts';

function named(kind: RegisterKind, key: string): Field {
  const field = fieldOf(kind, key);
  if (field === undefined) throw new Error(`${kind} has no field ${key}`);
  return field;
}

function outcome(kind: RegisterKind, key: string, cell: Cell): unknown {
  const result = parseCell(named(kind, key), cell);
  if (!result.ok) return result.problem.code;
  return result.warnings.length === 0
    ? result.value
    : [result.value, ...result.warnings.map(({ code }) => code)];
}

describe('a cell is read as offices write it', () => {
  it.each<[RegisterKind, string, Cell, FieldValue | null]>([
    ['system', 'goLiveOn', '2024年3月5日', '2024-03-05'],
    ['system', 'goLiveOn', '2024/3/5', '2024-03-05'],
    ['system', 'goLiveOn', '2024.03.05', '2024-03-05'],
    ['system', 'goLiveOn', 20240305, '2024-03-05'],
    ['system', 'goLiveOn', 45356, '2024-03-05'],
    ['system', 'goLiveOn', new Date('2024-03-05T13:00:00Z'), '2024-03-05'],
    ['system', 'goLiveOn', '—', null],
    ['system', 'mlpsLevel', '三级', '3'],
    ['system', 'mlpsLevel', 3, '3'],
    ['system', 'mlpsLevel', 'level 3', '3'],
    ['system', 'mlpsLevel', '未定级', 'not-graded'],
    ['system', 'mlpsLevel', '无', 'not-graded'],
    ['system', 'usersCount', '１２,０００', 12_000],
    ['asset', 'edgeDevice', '是', true],
    ['asset', 'edgeDevice', false, false],
    ['asset', 'exposure', 'YES', 'yes'],
    ['asset', 'ips', '192.0.2.7；192.0.2.8\n2001:DB8:0:0::1', ['192.0.2.7', '192.0.2.8', '2001:db8::1']],
    ['asset', 'ips', '192.0.2.7, 192.0.2.7', ['192.0.2.7']],
    ['asset', 'macs', '00-00-5E-00-53-01', ['00:00:5e:00:53:01']],
    ['asset', 'domains', 'WWW.Example.ORG.、门户.中国', ['www.example.org', 'xn--zoup46i.xn--fiqs8s']],
    [
      'asset',
      'urls',
      'https://example.org/a?b=1,2; http://example.net',
      ['https://example.org/a?b=1,2', 'http://example.net/'],
    ],
    ['asset', 'name', ' 门户\u200b网站\u0000 ', '门户网站'],
    ['asset', 'assetCode', 1001, '1001'],
    ['organization', 'uscc', '91350100m000100y43', '91350100M000100Y43'],
    ['contact', 'mobile', 13800000000, '13800000000'],
    ['system', 'icpNumber', '京 ICP备 12345678号-1', '京ICP备12345678号-1'],
  ])('%s.%s: %j', (kind, key, cell, value) => {
    expect(outcome(kind, key, cell)).toEqual(value);
  });
});

describe('a wrong cell is refused with its reason', () => {
  it.each<[RegisterKind, string, Cell, string]>([
    ['asset', 'assetCode', null, 'CELL_REQUIRED'],
    ['asset', 'assetCode', ' / ', 'CELL_REQUIRED'],
    ['asset', 'assetCode', 'A 1', 'CELL_CODE_HAS_SPACE'],
    ['asset', 'assetCode', '1.23457E+17', 'CELL_DIGITS_LOST'],
    ['asset', 'serial', '2.1E+15', 'CELL_DIGITS_LOST'],
    ['asset', 'assetCode', '#REF!', 'CELL_FORMULA_ERROR'],
    ['asset', 'name', 'x'.repeat(201), 'CELL_TOO_LONG'],
    ['asset', 'ips', '192.0.2.7:443', 'CELL_NOT_AN_IP'],
    ['asset', 'ips', '192.0.2.256', 'CELL_NOT_AN_IP'],
    ['asset', 'ips', Array.from({ length: 201 }, (_, n) => `192.0.2.${n}`).join(), 'CELL_TOO_MANY_ITEMS'],
    ['asset', 'macs', '00-00:5E-00-53-01', 'CELL_NOT_A_MAC'],
    ['asset', 'domains', '*.example.org', 'CELL_NOT_A_DOMAIN'],
    ['asset', 'domains', '192.0.2.7', 'CELL_NOT_A_DOMAIN'],
    ['asset', 'urls', 'ftp://example.org', 'CELL_NOT_A_URL'],
    ['asset', 'urls', 'http://user:word@example.org', 'CELL_NOT_A_URL'],
    ['asset', 'exposure', '也许', 'CELL_NOT_IN_LIST'],
    ['asset', 'edgeDevice', '也许', 'CELL_NOT_YES_NO'],
    ['system', 'goLiveOn', '3/5/2024', 'CELL_NOT_A_DATE'],
    ['system', 'goLiveOn', '2024-02-30', 'CELL_NOT_A_DATE'],
    ['system', 'goLiveOn', 2024, 'CELL_DATE_IMPLAUSIBLE'],
    ['system', 'usersCount', '约 500', 'CELL_NOT_A_NUMBER'],
    ['system', 'usersCount', -1, 'CELL_OUT_OF_RANGE'],
    ['organization', 'uscc', '91350100M000100Y44', 'CELL_CHECK_DIGIT'],
    ['organization', 'uscc', '91350100M000100Y4', 'CELL_NOT_USCC'],
    ['organization', 'uscc', 110_105_199_001_011_200, 'CELL_DIGITS_LOST'],
    ['organization', 'regionCode', '990000', 'CELL_NOT_A_REGION'],
    ['contact', 'email', 'somebody at example.org', 'CELL_NOT_AN_EMAIL'],
    ['contact', 'mobile', '待补充', 'CELL_NOT_A_PHONE'],
  ])('%s.%s: %j', (kind, key, cell, code) => {
    expect(outcome(kind, key, cell)).toBe(code);
  });
});

describe('an odd cell is taken with a warning', () => {
  it.each<[RegisterKind, string, Cell, readonly unknown[]]>([
    ['system', 'mlpsFilingNumber', '12345', ['12345', 'CELL_FILING_NUMBER_UNUSUAL']],
    ['system', 'icpNumber', '备案中', ['备案中', 'CELL_ICP_NUMBER_UNUSUAL']],
    ['system', 'urls', 'www.example.org', [['http://www.example.org/'], 'CELL_URL_WITHOUT_SCHEME']],
    ['asset', 'model', new Date('2026-03-01'), ['2026-03-01', 'CELL_WAS_DATE']],
  ])('%s.%s: %j', (kind, key, cell, value) => {
    expect(outcome(kind, key, cell)).toEqual(value);
  });
});

test('a problem says in both languages what was written and what may be', () => {
  const result = parseCell(named('asset', 'exposure'), '也许');
  expect(result.ok || cellProblemText(result.problem)).toEqual({
    zh: '“也许”不在可选项中：是、否、未知',
    en: '"也许" is none of: Yes, No, Unknown',
  });
});

test('keys, labels and the words of a choice are each said once', () => {
  for (const kind of REGISTER_KINDS) {
    const { fields, key } = CATALOGUE[kind];
    const labels = fields.flatMap(({ key, label }) => [key, label.zh, `en ${label.en}`]);
    expect(new Set(labels).size).toBe(labels.length);
    expect(fields.filter((field) => key.includes(field.key)).every(({ required }) => required)).toBe(true);
    for (const { type } of fields) {
      if (type.kind !== 'choice') continue;
      for (const { code, label, synonyms = [] } of type.choices)
        for (const word of [code, label.zh, label.en, ...synonyms])
          expect(parseCell({ ...named('asset', 'type'), type }, word)).toMatchObject({ value: code });
    }
  }
});
