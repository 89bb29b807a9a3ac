import type { Text } from '../observe/text.ts';
import { decide } from './decision-table.ts';
import { HUMAN_IMPACT_TABLE } from './tables.ts';

/** What is registered of a system and its asset. */
export interface MissionFacts {
  readonly level: number | null;
  readonly criticalInfrastructure: boolean;
  readonly importance: 'vital' | 'important' | 'general' | null;
  readonly keyLists: readonly string[];
}

/** Keys of `ssvc:MI:2.0.0` and `ssvc:SI:2.0.1`, in rising order. */
const MISSION = ['D', 'MSC', 'MEF', 'MF'] as const;
const SAFETY = ['N', 'M', 'R', 'C'] as const;

/** One registered fact and what it says about mission and safety. */
interface Word {
  readonly mission: (typeof MISSION)[number];
  readonly safety: (typeof SAFETY)[number];
  readonly text: Text;
}

/**
 * Our reading of the MLPS levels (GB/T 22240-2020 table 1: whom a failure harms, and how much) as mission and safety
 * impact; the standard knows nothing of SSVC. Level 1 harms the organization, 2 gravely or society at all, 3 society
 * gravely, 4 and 5 society most gravely or the state.
 */
const LEVELS: Readonly<Record<number, readonly [Word['mission'], Word['safety']]>> = {
  1: ['MSC', 'N'],
  2: ['MEF', 'M'],
  3: ['MEF', 'R'],
  4: ['MF', 'C'],
  5: ['MF', 'C'],
};

const IMPORTANCES: Readonly<
  Record<NonNullable<MissionFacts['importance']>, readonly [Word['mission'], Word['safety'], string, string]>
> = {
  vital: ['MEF', 'R', '重要程度登记为“核心”', 'Its importance is registered as vital'],
  important: ['MEF', 'N', '重要程度登记为“重要”', 'Its importance is registered as important'],
  general: ['MSC', 'N', '重要程度登记为“一般”', 'Its importance is registered as general'],
};

/** Purposes that ask for more care, and why. Others, such as a drill, say nothing of the damage. */
const LISTS: Readonly<Record<string, readonly [Word['mission'], Word['safety'], string, string]>> = {
  cii: ['MF', 'C', '在关键信息基础设施重点名单上', 'It is on a key list of critical infrastructure'],
  protection: ['MEF', 'R', '在重点保障名单上', 'It is on a key list for protection'],
  compromised: ['MEF', 'R', '在曾失陷名单上', 'It is on a key list of what was compromised before'],
};

const UNKNOWN: Word = {
  mission: 'MEF',
  safety: 'N',
  text: {
    zh: '等保级别和重要程度均未登记，按中等处理',
    en: 'Neither its MLPS level nor its importance is registered; it is taken as medium',
  },
};

/** Human impact (`ssvc:HI:2.0.2`): the greatest mission and safety impact of what is registered, by SSVC's own table. */
export function humanImpactOf(facts: MissionFacts): { readonly value: string; readonly because: Text } {
  const words = wordsOf(facts);
  const said = words.length === 0 ? [UNKNOWN] : words;
  const mission = greatest(
    MISSION,
    said.map((word) => word.mission),
  );
  const safety = greatest(
    SAFETY,
    said.map((word) => word.safety),
  );
  const { value } = decide(HUMAN_IMPACT_TABLE, { 'ssvc:SI:2.0.1': safety, 'ssvc:MI:2.0.0': mission });
  const leading = said.filter((word) => word.mission === mission || word.safety === safety);
  return {
    value,
    because: {
      zh: leading.map(({ text }) => text.zh).join('；'),
      en: leading.map(({ text }) => text.en).join('; '),
    },
  };
}

function wordsOf({ level, criticalInfrastructure, importance, keyLists }: MissionFacts): Word[] {
  const words: Word[] = [];
  const add = (
    [mission, safety]: readonly [Word['mission'], Word['safety'], ...unknown[]],
    zh: string,
    en: string,
  ) => words.push({ mission, safety, text: { zh, en } });
  if (criticalInfrastructure)
    add(['MF', 'C'], '系统登记为关键信息基础设施', 'Its system is registered as critical infrastructure');
  const graded = level === null ? undefined : LEVELS[level];
  if (graded !== undefined) add(graded, `系统等保级别为第 ${level} 级`, `Its system has MLPS level ${level}`);
  if (importance !== null)
    add(IMPORTANCES[importance], IMPORTANCES[importance][2], IMPORTANCES[importance][3]);
  for (const purpose of new Set(keyLists)) {
    const listed = LISTS[purpose];
    if (listed !== undefined) add(listed, listed[2], listed[3]);
  }
  return words;
}

const greatest = <T extends string>(scale: readonly T[], values: readonly T[]): T =>
  scale[Math.max(...values.map((value) => scale.indexOf(value)))] ?? values[0] ?? (scale[0] as T);
