import type { State, WorldFinding } from '@backcheck/core';
import type { Language } from './verify-text.ts';

const STATE_WORDS: Readonly<Record<State, Readonly<Record<Language, string>>>> = {
  open: { en: 'open', zh: '未整改' },
  regressed: { en: 'regressed', zh: '复发' },
  'fixed-unverified': { en: 'fixed, unverified', zh: '疑似已改' },
  'verified-fixed': { en: 'verified fixed', zh: '已验证销号' },
};

const HEADINGS = {
  en: ['State', 'Reason', 'Asset', 'Port', 'Check', 'Title'],
  zh: ['状态', '原因', '资产', '端口', '检测项', '标题'],
} as const;

const TOTALS = {
  en: (scans: number, findings: number) => `${scans} scans, ${findings} findings`,
  zh: (scans: number, findings: number) => `扫描 ${scans} 次，问题 ${findings} 项`,
} as const;

const MAX_CELL = 48;

/** For people; programs take `--json`. */
export function findingsTable(
  findings: readonly WorldFinding[],
  end: { readonly scans: number; readonly findings: number } & Readonly<Record<State, number>>,
  language: Language,
): string {
  const rows = [HEADINGS[language], ...findings.map((one) => rowOf(one, language))];
  const widths = HEADINGS[language].map((_, i) => Math.max(...rows.map((row) => width(row[i] ?? ''))));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd(),
  );
  const states = (['open', 'regressed', 'fixed-unverified', 'verified-fixed'] as const).map(
    (state) => `${STATE_WORDS[state][language]} ${end[state]}`,
  );
  const total = [TOTALS[language](end.scans, end.findings), ...states].join(' · ');
  return `${(findings.length === 0 ? [] : lines).concat(total).join('\n')}\n`;
}

function rowOf({ state, reason, key, identifiers, observation }: WorldFinding, language: Language): string[] {
  const port = key.transport === 'none' ? '' : `${key.port}/${key.transport}`;
  const asset = identifiers[0]?.value ?? key.asset;
  const check = key.locus === '' ? key.check : `${key.check} ${key.locus}`;
  return [STATE_WORDS[state][language], reason ?? '', asset, port, check, observation.title].map(cellOf);
}

function cellOf(text: string): string {
  return text.length <= MAX_CELL ? text : `${text.slice(0, MAX_CELL - 1)}…`;
}

/** Columns on a terminal: Chinese signs take two. */
function width(text: string): number {
  return [...text].reduce(
    (sum, sign) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        sign,
      )
        ? 2
        : 1),
    0,
  );
}
