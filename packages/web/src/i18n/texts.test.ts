import { expect, test } from 'vitest';
import { en } from './en.ts';
import { startingLanguage } from './starting-language.ts';
import { zh } from './zh.ts';

type Tree = { readonly [key: string]: string | Tree };

const leaves = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : leaves(value, `${path}${key}.`),
  );

const places = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

test('every text is there in both languages and fills in the same facts', () => {
  const chinese = new Map(leaves(zh));
  for (const [key, text] of leaves(en)) {
    const other = chinese.get(key) ?? '';
    expect(other.trim(), key).not.toBe('');
    expect(places(other), key).toEqual(places(text));
  }
  expect(chinese.size).toBe(leaves(en).length);
});

const storage = (value: string | null) => ({ getItem: () => value });

test('the browser decides the language until a person does', () => {
  expect(startingLanguage(storage(null), ['zh-TW', 'en'])).toBe('zh');
  expect(startingLanguage(storage(null), ['fr', 'en-GB', 'zh'])).toBe('en');
  expect(startingLanguage(storage(null), ['fr'])).toBe('en');
  expect(startingLanguage(storage('en'), ['zh-CN'])).toBe('en');
  expect(startingLanguage(storage('tlh'), ['zh-CN'])).toBe('zh');
});
