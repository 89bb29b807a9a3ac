import { CATALOGUE } from './catalogue.ts';
import type { Field, RegisterKind } from './field.ts';
import { foldText } from './fold-text.ts';

/** "*单位编码（必填）" and the like: marks go, and words in brackets only where the whole is not known. */
const MARKS = /[*:：#"'“”()（）[\]【】<>《》_\-.·]/g;
const BRACKETED = /[(（[【<《][^)）\]】>》]*[)）\]】>》]/g;

/** One after the other; a column that is found in an earlier way is not looked for in a later one. */
const WAYS: readonly ((header: string) => readonly string[])[] = [
  (header) => [bare(header)],
  (header) => [bare(header.replace(BRACKETED, ''))],
  // "单位编码 / Organization code", or the same in two lines.
  (header) =>
    header
      .replace(BRACKETED, '')
      .split(/[/|\n]/)
      .map(bare),
];

function bare(text: string): string {
  return foldText(text).replace(MARKS, '');
}

/** What a header may be, the field's own key and labels before other words for it. */
const namesOf = ({ key, label, synonyms }: Field): string[] =>
  [key, label.zh, label.en, ...synonyms].map(bare);

const NAMES = new Map(
  Object.values(CATALOGUE).map(({ kind, fields }) => {
    const names = new Map<string, string>();
    const own = fields.flatMap((field) =>
      namesOf(field)
        .slice(0, 3)
        .map((name) => [name, field.key] as const),
    );
    const other = fields.flatMap((field) =>
      namesOf(field)
        .slice(3)
        .map((name) => [name, field.key] as const),
    );
    for (const [name, key] of [...own, ...other]) if (!names.has(name)) names.set(name, key);
    return [kind, names];
  }),
);

/**
 * Which field each column holds, by its header: the field's key, a label or a synonym, in any case and width and
 * without marks around it. null where none fits. No field stands twice: the better fit has it, then the first.
 */
export function mapColumns(headers: readonly string[], kind: RegisterKind): (string | null)[] {
  const names = NAMES.get(kind);
  const mapping: (string | null)[] = headers.map(() => null);
  for (const way of WAYS) {
    for (const [column, header] of headers.entries()) {
      if (mapping[column] !== null) continue;
      const found = way(header).map((name) => names?.get(name));
      mapping[column] = found.find((key) => key !== undefined && !mapping.includes(key)) ?? null;
    }
  }
  return mapping;
}
