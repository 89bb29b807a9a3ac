import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CALENDARS } from './calendars.ts';
import type { DeadlineFacts } from './determination.ts';
import { determine } from './determine.ts';
import { ruleFor } from './match-rule.ts';
import type { FixDemand, Policy, Term } from './policy.ts';
import { flawsOf } from './policy-flaws.ts';
import { BOD_19_02 } from './presets/bod-19-02.ts';
import { BOD_26_04 } from './presets/bod-26-04.ts';
import { CN_DEFAULT } from './presets/cn-default.ts';
import { EU_NIS2_STYLE } from './presets/eu-nis2-style.ts';
import { GROUP_30_60_90 } from './presets/group-30-60-90.ts';
import { PRESETS } from './presets.ts';

const PLAIN: DeadlineFacts = {
  detectedAt: '2026-11-01T02:00:00.000Z',
  notifiedAt: '2026-11-02T02:00:00.000Z',
  acknowledgedAt: null,
  grade: 'high',
  class: 'vulnerability',
  cve: ['CVE-2024-6387'],
  kev: null,
  exposed: false,
  automatable: false,
  technicalImpact: 'partial',
  level: null,
  criticalInfrastructure: false,
  keyLists: [],
  fixAvailable: null,
  pauses: [],
  extensions: [],
};
const KEV = { cve: 'CVE-2024-6387', addedOn: '2026-11-01', dueOn: null };

const UNITS = { hours: 'h', 'calendar-days': 'd', 'working-days': 'wd', months: 'm' } as const;
const inShort = (term: Term | undefined): string =>
  term === undefined ? '-' : `${term.amount} ${UNITS[term.unit]}`;
const demandInShort = (fix: FixDemand | undefined): string => {
  if (fix === undefined) return '-';
  return fix.kind === 'within' ? inShort(fix.term) : fix.kind;
};

describe('the presets', () => {
  it.each(PRESETS.map((policy) => [policy.code, policy] as const))('%s has no flaw', (_code, policy) => {
    expect(flawsOf(policy, CALENDARS)).toEqual([]);
  });

  it('have different codes, and say in both languages whether they are in force', () => {
    expect(new Set(PRESETS.map(({ code }) => code)).size).toBe(PRESETS.length);
    for (const { source } of PRESETS) {
      expect(source.zh).toMatch(/有效|可用|撤销/);
      expect(source.en).toMatch(/in force|in use|revoked/);
    }
  });

  it('are plain data', () => {
    expect(JSON.parse(JSON.stringify(PRESETS))).toEqual(PRESETS);
  });
});

describe('BOD 26-04', () => {
  /** Of the project: KEV, exposed, automatable, technical impact, outcome, as the directive's rows number them. */
  const OWN = [
    '0,no,no,no,partial,fix on system upgrade',
    '1,yes,no,no,partial,14 days',
    '2,no,yes,no,partial,60 days',
    '3,no,no,yes,partial,60 days',
    '4,no,no,no,total,fix on system upgrade',
    '5,yes,yes,no,partial,14 days',
    '6,yes,no,yes,partial,14 days',
    '7,no,yes,yes,partial,14 days',
    '8,yes,no,no,total,14 days',
    '9,no,yes,no,total,14 days',
    '10,no,no,yes,total,60 days',
    '11,yes,yes,yes,partial,3 days',
    '12,yes,yes,no,total,3 days & forensic investigation',
    '13,yes,no,yes,total,3 days & forensic investigation',
    '14,no,yes,yes,total,3 days',
    '15,yes,yes,yes,total,3 days & forensic investigation',
  ];

  function outcomeOf(line: string): string {
    const [, kev, exposed, automatable, impact] = line.split(',');
    const rule = ruleFor(
      {
        ...PLAIN,
        kev: kev === 'yes' ? KEV : null,
        exposed: exposed === 'yes',
        automatable: automatable === 'yes',
        technicalImpact: impact === 'total' ? 'total' : 'partial',
      },
      BOD_26_04,
    );
    const demand = demandInShort(rule?.fix).replace(/ d$/, ' days');
    const words = demand === 'upgrade' ? 'fix on system upgrade' : demand;
    const triage = rule?.tasks === undefined ? '' : ' & forensic investigation';
    return `${rule?.id},${kev},${exposed},${automatable},${impact},${words}${triage}`;
  }

  it.each(OWN)('row %s', (line) => {
    expect(outcomeOf(line)).toBe(line);
  });

  it('has all combinations', () => {
    expect(new Set(OWN.map((line) => line.split(',').slice(1, 5).join())).size).toBe(16);
  });

  const published = fileURLToPath(new URL('../../../../../shared/domain/sla-bod-26-04.csv', import.meta.url));
  it.skipIf(!existsSync(published))('is the published table (skipped where ../shared is absent)', () => {
    const [, ...lines] = readFileSync(published, 'utf8').trim().split(/\r?\n/);
    expect(lines.map(outcomeOf)).toEqual(lines);
    expect(lines).toHaveLength(16);
  });

  it('takes a CVE without further facts as not automatable with total impact', () => {
    const bare = { ...PLAIN, automatable: null, technicalImpact: null };
    expect(ruleFor(bare, BOD_26_04)?.id).toBe('4');
    expect(ruleFor({ ...bare, exposed: true }, BOD_26_04)?.id).toBe('9');
  });

  it('triages in 2, 24 and 72 hours', () => {
    const facts = { ...PLAIN, kev: KEV, exposed: true, technicalImpact: 'total' as const };
    expect(ruleFor(facts, BOD_26_04)?.tasks?.map(({ term }) => inShort(term))).toEqual([
      '2 h',
      '24 h',
      '72 h',
    ]);
  });

  it.each<[Partial<DeadlineFacts>, string]>([
    [{ class: 'weak-credential', exposed: true }, 'as-14'],
    [{ class: 'weak-credential' }, 'as-10'],
    [{ grade: 'critical', exposed: true }, 'as-9'],
    [{ grade: 'medium', exposed: true }, 'as-2'],
    [{ grade: 'high' }, 'as-4'],
    [{ grade: 'low' }, 'as-0'],
  ])('is followed by analogy, and says so, for what has no CVE: %j', (facts, id) => {
    const rule = ruleFor({ ...PLAIN, cve: [], ...facts }, BOD_26_04);
    expect(rule).toMatchObject({ id, informative: true });
    const like = BOD_26_04.rules.find((row) => `as-${row.id}` === id);
    expect(rule?.fix).toEqual(like?.fix);
  });

  it('asks nothing of what is no weakness', () => {
    expect(ruleFor({ ...PLAIN, cve: [], grade: 'info' }, BOD_26_04)).toBeNull();
  });
});

describe('the platform default for China', () => {
  const shown = (facts: Partial<DeadlineFacts>): string => {
    const rule = ruleFor({ ...PLAIN, cve: [], ...facts }, CN_DEFAULT);
    return [rule?.acknowledge, rule?.interim]
      .map(inShort)
      .concat(demandInShort(rule?.fix), inShort(rule?.retest))
      .join(' | ');
  };

  /** Acknowledge, interim measure, fix, retest; then the fix when pressing, and in a guarantee period. */
  it.each<[Partial<DeadlineFacts>, string, string, string]>([
    [{ grade: 'critical' }, '2 h | 24 h | 3 wd | 1 wd', '24 h', '12 h'],
    [{ grade: 'high' }, '4 h | 48 h | 5 wd | 2 wd', '3 wd', '24 h'],
    [{ grade: 'medium' }, '1 wd | - | 15 wd | 3 wd', '10 wd', '5 wd'],
    [{ grade: 'low' }, '2 wd | - | 30 wd | 5 wd', '20 wd', '30 wd'],
    [{ grade: 'low', class: 'weak-credential' }, '2 h | 4 h | 1 wd | 1 wd', '8 h', '4 h'],
    [{ grade: 'high', class: 'exposed-service' }, '2 h | 4 h | 1 wd | 1 wd', '8 h', '4 h'],
    [{ grade: 'high', class: 'end-of-support' }, '2 wd | 10 wd | 6 m | -', '3 m', '3 m'],
    [{ grade: 'medium', class: 'process-gap' }, '2 wd | - | 30 wd | -', '20 wd', '30 wd'],
  ])('%j', (facts, line, pressing, guarantee) => {
    const fix = (more: Partial<DeadlineFacts>) =>
      demandInShort(ruleFor({ ...PLAIN, cve: [], ...facts, ...more }, CN_DEFAULT)?.fix);
    expect(shown(facts)).toBe(line);
    expect(fix({ exposed: true })).toBe(pressing);
    expect(fix({ kev: KEV })).toBe(pressing);
    expect(fix({ criticalInfrastructure: true })).toBe(pressing);
    expect(fix({ level: 3 })).toBe(pressing);
    expect(fix({ level: 2 })).toBe(fix({}));
    expect(fix({ exposed: null })).toBe(fix({}));
    expect(fix({ keyLists: ['protection'] })).toBe(guarantee);
    expect(fix({ keyLists: ['drill'] })).toBe(fix({}));
  });

  it('says that it is no national rule', () => {
    expect(CN_DEFAULT.source.zh).toContain('平台默认，非国家规定');
    expect(CN_DEFAULT.source.en).toContain('not a national rule');
  });
});

describe('the other presets', () => {
  const byGrade = (policy: Policy, facts: Partial<DeadlineFacts> = {}): string[] =>
    (['critical', 'high', 'medium', 'low', 'info'] as const).map((grade) =>
      demandInShort(ruleFor({ ...PLAIN, ...facts, grade }, policy)?.fix),
    );

  it('have their terms', () => {
    expect(byGrade(BOD_19_02, { exposed: true })).toEqual(['15 d', '30 d', '90 d', '180 d', '-']);
    expect(byGrade(BOD_19_02)).toEqual(['-', '-', '-', '-', '-']);
    expect(byGrade(EU_NIS2_STYLE, { exposed: true })).toEqual(['72 h', '14 d', '60 d', '180 d', '-']);
    expect(byGrade(EU_NIS2_STYLE)).toEqual(['14 d', '14 d', '60 d', '180 d', '-']);
    expect(byGrade(GROUP_30_60_90)).toEqual(['15 d', '30 d', '60 d', '90 d', '-']);
  });
});

describe('docs/deadlines.md', () => {
  const text = readFileSync(fileURLToPath(new URL('../../../../docs/deadlines.md', import.meta.url)), 'utf8');
  const calendarOf = ({ calendar }: Policy) => CALENDARS.find(({ code }) => code === calendar) ?? null;

  it.each<[string, Partial<DeadlineFacts>]>([
    ['cn-default', { notifiedAt: '2026-02-12T02:00:00.000Z' }],
    [
      'cisa-bod-26-04',
      { detectedAt: '2026-03-01T20:00:00.000Z', exposed: true, automatable: false, technicalImpact: 'total' },
    ],
    ['eu-nis2-style', { detectedAt: '2026-03-28T09:00:00.000Z', grade: 'critical', exposed: true }],
    ['group-30-60-90', { detectedAt: '2025-12-15T09:00:00.000Z', grade: 'medium' }],
    [
      'bod-22-01',
      {
        detectedAt: '2024-05-03T12:00:00.000Z',
        kev: { cve: 'CVE-2024-6387', addedOn: '2024-05-01', dueOn: '2024-05-22' },
      },
    ],
    ['bod-19-02', { detectedAt: '2020-02-20T17:00:00.000Z', grade: 'critical', exposed: true }],
  ])('has the example of %s right', (code, facts) => {
    const policy = PRESETS.find((preset) => preset.code === code) ?? CN_DEFAULT;
    const row = text.split('\n').find((line) => line.startsWith(`| \`${code}\``) && line.endsWith('Z` |'));
    const { dueAt } = determine(
      { ...PLAIN, ...facts },
      policy,
      calendarOf(policy),
      '2026-11-21T00:00:00.000Z',
    );
    expect(row).toContain(`\`${dueAt}\``);
  });

  it('speaks of every preset and every calendar', () => {
    for (const { code } of [...PRESETS, ...CALENDARS]) expect(text).toContain(`| \`${code}\` |`);
  });
});
