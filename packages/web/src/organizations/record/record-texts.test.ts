import { expect, test } from 'vitest';
import { readForm, textsOf } from './record-texts.ts';

const CONTACT = { role: 'liaison', name: '王敏', mobile: '13800000000', order: 1, languages: ['zh', 'en'] };

test('a form that nobody touched changes nothing', () => {
  const { changes, problems } = readForm('contact', textsOf(CONTACT), CONTACT);
  expect(changes).toEqual({});
  expect(problems.size).toBe(0);
});

test('only what was changed is sent, read as a sheet would be, and an emptied field is cleared', () => {
  const texts = { ...textsOf(CONTACT), order: ' 2 ', languages: '', channel: '短信' };
  expect(readForm('contact', texts, CONTACT).changes).toEqual({ order: 2, languages: null, channel: 'sms' });
});

test('what is wrong is said at its field, and what is needed may not be emptied', () => {
  const { problems } = readForm('contact', { ...textsOf(CONTACT), name: '', email: 'wang' }, CONTACT);
  expect([...problems].map(([field, { code }]) => [field, code])).toEqual([
    ['name', 'CELL_REQUIRED'],
    ['email', 'CELL_NOT_AN_EMAIL'],
  ]);
});

test('fields must fit together as well', () => {
  const { problems } = readForm('contact', { ...textsOf(CONTACT), mobile: '' }, CONTACT);
  expect([...problems.keys()]).toEqual(['mobile']);
});

test('a new organization needs one name, and no code', () => {
  expect(readForm('organization', {}, null).problems.get('nameZh')?.code).toBe('ROW_WITHOUT_NAME');
  expect(readForm('organization', { nameZh: '湖畔医院' }, null).problems.size).toBe(0);
});
