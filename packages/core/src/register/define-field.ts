import type { Choice, Field, FieldType } from './field.ts';

type Options = Partial<Pick<Field, 'required' | 'refersTo'>>;

/** `labels` is "中文名 | English name | more headers …". */
export function field(key: string, labels: string, type: FieldType, options: Options = {}): Field {
  const [zh = '', en = '', ...synonyms] = labels.split('|').map((one) => one.trim());
  return { key, label: { zh, en }, synonyms, type, required: false, ...options };
}

/** `labels` is "中文 | English | more ways to write it …". */
export function choice(code: string, labels: string): Choice {
  const [zh = '', en = '', ...synonyms] = labels.split('|').map((one) => one.trim());
  return { code, label: { zh, en }, synonyms };
}

export const text = (max = 200): FieldType => ({ kind: 'text', max });
export const NOTES = text(4000);
export const COUNT: FieldType = { kind: 'integer', min: 0, max: 1_000_000_000 };
