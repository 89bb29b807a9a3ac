import { REASONS } from '@backcheck/core';
import { describe, expect, it } from 'vitest';
import { assumptionText } from './assumptions.ts';
import * as labels from './labels.ts';
import { REASON_LABELS } from './reasons.ts';
import { preferredLanguage } from './text.ts';

/** Every { zh, en } below a value. */
function textsIn(value: unknown): { zh: string; en: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('zh' in value && 'en' in value) return [{ zh: String(value.zh), en: String(value.en) }];
  return Object.values(value).flatMap(textsIn);
}

describe('labels', () => {
  it('exist in both languages', () => {
    const texts = textsIn({ ...labels, REASON_LABELS });
    expect(texts.length).toBeGreaterThan(80);
    for (const { zh, en } of texts) {
      expect([zh, /\p{Script=Han}/u.test(zh)]).toEqual([zh, true]);
      expect([en, /^[\p{ASCII}]+$/u.test(en)]).toEqual([en, true]);
    }
  });

  it('give every reason a meaning and something to do about it, as sentences', () => {
    for (const reason of REASONS) {
      const { meaning, remedy } = REASON_LABELS[reason];
      for (const { zh, en } of [meaning, remedy]) {
        expect(zh).toMatch(/。$/);
        expect(en).toMatch(/[.?]$/);
      }
    }
  });

  it('show an assumption that a newer reader names as it is', () => {
    expect(assumptionText('A-time').en).toContain('declared');
    expect(assumptionText('A-new')).toEqual({ zh: 'A-new', en: 'A-new' });
  });
});

describe('the language of an answer', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en-GB,en;q=0.9,zh;q=0.8', 'en'],
    ['de,zh;q=0.4,en;q=0.7', 'en'],
    ['zh;q=0,en;q=0.1', 'en'],
    ['*', 'en'],
    ['ZH-hant', 'zh'],
    [';;;,q=', 'en'],
  ])('for Accept-Language %j is %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });
});
