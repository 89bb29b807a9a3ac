/** The one place that changes the state of a finding (the second of the three locks on closure). */
const WRITER = 'packages/db/src/settle.ts';

const CHANGES_STATE = [
  /\bupdate\s+(only\s+)?finding\b(?:(?!\bwhere\b|\bfrom\b)[^;])*?\bstate\s*=/i,
  /\bmerge\s+into\s+finding\b/i,
  /\binsert\s+into\s+finding\b[^;`]*?\bdo\s+update\b[^;`]*?\bstate\s*=/i,
  /updateTable\(\s*['"]finding['"]/,
];

/** `update finding set state = …` anywhere else would close a finding without going through the proof. */
export function findingStateBreaches(path: string, text: string): string[] {
  if (path === WRITER || path.startsWith('tests/architecture')) return [];
  return CHANGES_STATE.some((statement) => statement.test(text))
    ? [`${path} writes the state of a finding`]
    : [];
}
