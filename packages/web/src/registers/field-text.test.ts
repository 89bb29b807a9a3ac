import { ROW_PROBLEMS } from '@backcheck/contract';
import i18next, { type TFunction } from 'i18next';
import { expect, test } from 'vitest';
import { en } from '../i18n/en.ts';
import { adviceText, type NamedField, valueText } from './field-text.ts';
import { placeText } from './place.ts';

const t: TFunction = await i18next.createInstance().init({
  lng: 'en',
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
});
const at = (kind: NamedField['kind'], field: string): NamedField => ({ kind, field, language: 'en' });

test('a value is shown as the sheet would show it', () => {
  expect(valueText('hospital', at('organization', 'kind'))).toBe('Hospital');
  expect(valueText('2026-11-21', at('organization', 'lastDrillOn'))).toBe('2026-11-21');
  expect(valueText(['192.0.2.7', '192.0.2.8'], at('asset', 'ips'))).toBe('192.0.2.7; 192.0.2.8');
  expect(valueText(true, at('organization', 'ciiOperator'))).toBe('Yes');
  expect(valueText(null, at('organization', 'kind'))).toBe('');
  expect(valueText('370100', at('organization', 'parentId'))).toBe('370100');
});

test('each problem says what belongs there, once', () => {
  const wrong = adviceText(t, { code: 'CELL_NOT_AN_IP' }, at('asset', 'ips'));
  expect(wrong).toBe(en.registers.expected.items.ip);
  expect(adviceText(t, { code: 'CELL_REQUIRED' }, at('contact', 'role'))).toContain('24x7 duty');
  expect(adviceText(t, { code: 'CELL_NOT_IN_LIST' }, at('contact', 'role'))).toBeNull();
  for (const code of Object.keys(ROW_PROBLEMS) as (keyof typeof ROW_PROBLEMS)[])
    expect(adviceText(t, { code }, at('asset', 'ips')), code).toBe(en.registers.advice[code]);
});

test('a cell of a CSV file has no sheet, and a field without a column has no letter', () => {
  expect(placeText(t, { sheet: 'Staff', row: 17, column: 'F' })).toBe('Sheet Staff, row 17, column F');
  expect(placeText(t, { sheet: '', row: 17, column: 'F' })).toBe('Row 17, column F');
  expect(placeText(t, { sheet: '', row: 17, column: null })).toBe('Row 17');
});
