import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CATALOGUE } from './catalogue.ts';
import { cellProblemText } from './cell-problem.ts';
import { type Cell, type Field, REGISTER_KINDS } from './field.ts';
import { usccCheckDigit } from './national-codes.ts';
import { parseCell } from './parse-cell.ts';
import { readRecord } from './read-record.ts';
import { renderCell } from './render-cell.ts';

const FIELDS = REGISTER_KINDS.flatMap((kind) => CATALOGUE[kind].fields);
const anyField = fc.constantFrom(...FIELDS);

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ maxLength: 300 }),
);
const anyCell: fc.Arbitrary<Cell> = fc.oneof(
  anyText,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.date({ noInvalidDate: false }),
  fc.constant(null),
  fc.constantFrom(
    '#N/A',
    '－',
    '無',
    '2026年2月30日',
    '１９２．０．２．７',
    '::',
    'http://',
    '\u0000',
    "'=1+1",
  ),
);

const digit = fc.constantFrom(...'0123456789ABCDEFGHJKLMNPQRTUWXY');
const uscc = fc
  .tuple(
    fc.array(digit, { minLength: 2, maxLength: 2 }),
    fc.integer({ min: 0, max: 999_999 }),
    fc.array(digit, { minLength: 9, maxLength: 9 }),
  )
  .map(([office, region, body]) => {
    const start = office.join('') + String(region).padStart(6, '0') + body.join('');
    return start + usccCheckDigit(start);
  });

/** Something that a person may well write into a cell of this type. */
function likely({ type }: Field): fc.Arbitrary<Cell> {
  switch (type.kind) {
    case 'text':
      return anyText;
    case 'integer':
      return fc.integer({ min: type.min, max: type.max });
    case 'choice':
      return fc.constantFrom(...type.choices.flatMap(({ code, label }) => [code, label.zh, label.en]));
    case 'boolean':
      return fc.constantFrom<Cell>('是', 'No', true, 0, '１');
    case 'date':
      return fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    case 'list':
      return fc.array(ITEMS[type.of], { maxLength: 5 }).map((items) => items.join('、'));
    case 'uscc':
      return uscc;
    case 'email':
      return fc.emailAddress();
    default:
      return fc.oneof(
        fc.constantFrom(
          '+86 10-6666 0000 转 8001',
          '110105',
          '京ICP备12345678号-1',
          '110105-00001',
          '＃N/A',
          '¨',
          '- -',
        ),
        anyText,
      );
  }
}

const ITEMS = {
  text: fc.oneof(anyText, fc.constantFrom('-', '#N/A', '＃N/A', '无', '¨')),
  ip: fc.oneof(fc.ipV4(), fc.ipV6()),
  mac: fc.constantFrom('00-00-5E-00-53-01', '0000.5e00.5302', '00005e005303'),
  domain: fc.oneof(fc.domain(), fc.constant('门户.中国')),
  url: fc.oneof(
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.constant('www.example.org/a,b;c'),
  ),
};

test('no cell of any spreadsheet makes the reading of a field fail', () => {
  fc.assert(
    fc.property(anyField, anyCell, (field, cell) => {
      const result = parseCell(field, cell);
      const problems = result.ok ? result.warnings : [result.problem];
      for (const problem of problems) expect(cellProblemText(problem).zh).not.toMatch(/\{\w+\}/);
    }),
    { numRuns: 3000 },
  );
});

test('what a sheet shows for a value reads back as that value, in both languages and from a text file too', () => {
  const fieldAndCell = anyField.chain((field) =>
    fc.tuple(
      fc.constant(field),
      fc.oneof(likely(field), anyCell),
      fc.constantFrom('zh' as const, 'en' as const),
    ),
  );
  let values = 0;
  fc.assert(
    fc.property(fieldAndCell, ([field, cell, language]) => {
      const first = parseCell(field, cell);
      if (!first.ok || first.value === null) return;
      values += 1;
      const shown = renderCell(field, first.value, language);
      expect(parseCell(field, shown)).toMatchObject({ ok: true, value: first.value });
      const typed = shown instanceof Date ? shown.toISOString().slice(0, 10) : String(shown);
      expect(parseCell(field, typed)).toMatchObject({ ok: true, value: first.value });
    }),
    { numRuns: 5000 },
  );
  expect(values).toBeGreaterThan(1500);
});

test('any one wrong character of a unified social credit code is caught', () => {
  const field = FIELDS.find(({ key }) => key === 'uscc');
  if (field === undefined) throw new Error('the catalogue has no such field');
  fc.assert(
    fc.property(uscc, fc.nat(17), digit, (code, place, other) => {
      expect(parseCell(field, code)).toMatchObject({ ok: true, value: code });
      fc.pre(code[place] !== other);
      const wrong = code.slice(0, place) + other + code.slice(place + 1);
      expect(parseCell(field, wrong).ok).toBe(false);
    }),
  );
});

test('a row of anything is read or blamed, and a row that is usable names its record', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...REGISTER_KINDS),
      fc.array(anyCell, { minLength: 60, maxLength: 60 }),
      (kind, cells) => {
        const { fields, key } = CATALOGUE[kind];
        const row = new Map(fields.map((field, column) => [field.key, cells[column] ?? null]));
        const { problems, record } = readRecord(kind, row);
        const isNamed = key.every((one) => record[one] !== undefined);
        expect(isNamed || problems.length > 0).toBe(true);
      },
    ),
  );
});
