import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { FINDING_CLASSES } from './finding-class.ts';
import { CHINESE_GRADES, gradeNamed } from './grade.ts';
import { PRIORITIES, type PriorityFacts, priorityOf, tellingVectors } from './priority.ts';

const FACTS: PriorityFacts = {
  class: 'vulnerability',
  grade: 'high',
  cve: ['CVE-2026-1234'],
  kev: null,
  exploitation: null,
  automatable: null,
  cvss: [],
  exposed: false,
  level: 2,
  criticalInfrastructure: false,
  importance: null,
  keyLists: [],
};
const KEV = { cve: 'CVE-2026-1234', addedOn: '2026-11-01' };
const of = (changes: Partial<PriorityFacts>) => priorityOf({ ...FACTS, ...changes });
const value = (changes: Partial<PriorityFacts>, point: string) =>
  of(changes).inputs.find((input) => input.point === point)?.value;

describe('a priority', () => {
  test.each([
    ['nothing known, inside, level 2', {}, 'scheduled'],
    ['known to be exploited, inside, level 2', { kev: KEV }, 'scheduled'],
    [
      'known to be exploited and automatable, inside, level 2',
      { kev: KEV, automatable: true },
      'out-of-cycle',
    ],
    [
      'known to be exploited, outside, automatable, level 3',
      { kev: KEV, exposed: true, automatable: true, level: 3 },
      'immediate',
    ],
    [
      'exploited by the CVE record, outside, critical infrastructure',
      { exploitation: 'active', exposed: true, criticalInfrastructure: true },
      'immediate',
    ],
    ['a general office machine inside', { level: 1, importance: 'general' }, 'defer'],
    ['a default password outside', { class: 'weak-credential', cve: [], exposed: true }, 'out-of-cycle'],
    [
      'a default password outside at level 3',
      { class: 'weak-credential', cve: [], exposed: true, level: 3 },
      'immediate',
    ],
  ] as const)('%s: %s', (_, changes, priority) => {
    expect(of(changes).priority).toBe(priority);
  });

  test('says which row of which table it comes from, and why, in both languages', () => {
    const { table, row, inputs } = of({ kev: KEV, exposed: true });
    expect([table, row]).toEqual(['ssvc:DT_DP:1.0.0', 65]);
    expect(inputs.map(({ point, value: key }) => `${point}=${key}`)).toEqual([
      'ssvc:E:1.1.0=A',
      'ssvc:EXP:1.0.1=O',
      'ssvc:A:2.0.0=N',
      'ssvc:HI:2.0.2=M',
    ]);
    expect(inputs[0]?.because.en).toContain('CVE-2026-1234');
    expect(inputs[0]?.because.zh).toContain('2026-11-01');
  });

  test('without a CVE follows the table by analogy, and says so', () => {
    expect(of({ cve: [] }).byAnalogy).toBe(true);
    expect(of({}).byAnalogy).toBe(false);
  });

  test('takes an asset of which nobody said so as reachable from the internet, and says that', () => {
    const { inputs } = of({ exposed: null });
    expect(inputs[1]).toMatchObject({ value: 'O' });
    expect(inputs[1]?.because.en).toContain('Nobody declared');
  });

  test.each([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'Y'],
    ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 'N'],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 'Y'],
    ['CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 'N'],
    ['AV:N/AC:L/Au:N/C:P/I:P/A:P', 'Y'],
    ['no vector', 'N'],
  ])('takes %s as automatable: %s', (vector, expected) => {
    expect(value({ cvss: [vector] }, 'ssvc:A:2.0.0')).toBe(expected);
    expect(value({ cvss: [vector], automatable: false }, 'ssvc:A:2.0.0')).toBe('N');
  });

  test.each([
    [{ level: null }, 'M'],
    [{ level: 1 }, 'L'],
    [{ level: 2 }, 'M'],
    [{ level: 3 }, 'H'],
    [{ level: 4 }, 'VH'],
    [{ level: 5 }, 'VH'],
    [{ level: 1, criticalInfrastructure: true }, 'VH'],
    [{ level: 1, keyLists: ['protection'] }, 'H'],
    [{ level: 1, keyLists: ['cii'] }, 'VH'],
    [{ level: 1, keyLists: ['drill'] }, 'L'],
    [{ level: null, importance: 'vital' }, 'H'],
    [{ level: null, importance: 'general' }, 'L'],
    [{ level: null, keyLists: ['drill'] }, 'M'],
    [{ level: 9 }, 'M'],
  ] as const)('%j has a human impact of %s', (changes, expected) => {
    expect(value(changes, 'ssvc:HI:2.0.2')).toBe(expected);
  });
});

const facts: fc.Arbitrary<PriorityFacts> = fc.record({
  class: fc.constantFrom(...FINDING_CLASSES),
  grade: fc.constantFrom(...CHINESE_GRADES),
  cve: fc.constantFrom([], ['CVE-2026-1234']),
  kev: fc.constantFrom(null, KEV),
  exploitation: fc.constantFrom(null, 'none', 'poc', 'active'),
  automatable: fc.constantFrom(null, true, false),
  cvss: fc.constantFrom([], ['AV:N/AC:L/Au:N/C:P/I:P/A:P'], ['nonsense']),
  exposed: fc.constantFrom(null, true, false),
  level: fc.constantFrom(null, 1, 2, 3, 4, 5),
  criticalInfrastructure: fc.boolean(),
  importance: fc.constantFrom(null, 'vital', 'important', 'general'),
  keyLists: fc.subarray(['cii', 'protection', 'compromised', 'end-of-support', 'drill', 'other']),
});
const rank = (one: PriorityFacts) => PRIORITIES.indexOf(priorityOf(one).priority);

describe('whatever is known', () => {
  property.prop([facts])('there is a priority with four reasons in both languages', (one) => {
    const { priority, inputs } = priorityOf(one);
    expect(PRIORITIES).toContain(priority);
    expect(inputs).toHaveLength(4);
    for (const { because, label } of inputs)
      for (const text of [because, label]) {
        expect(text.zh).toMatch(/\p{Script=Han}/u);
        expect(text.en).toMatch(/^\p{ASCII}+$/u);
      }
  });

  property.prop([facts])('what is listed, exposed or critical is never less pressing for it', (one) => {
    expect(rank({ ...one, kev: KEV })).toBeLessThanOrEqual(rank({ ...one, kev: null }));
    expect(rank({ ...one, exposed: true })).toBeLessThanOrEqual(rank({ ...one, exposed: false }));
    expect(rank({ ...one, exposed: null })).toBeLessThanOrEqual(rank({ ...one, exposed: false }));
    expect(rank({ ...one, criticalInfrastructure: true })).toBeLessThanOrEqual(rank(one));
    expect(rank({ ...one, keyLists: [...one.keyLists, 'cii'] })).toBeLessThanOrEqual(rank(one));
  });
});

test.each([
  ['超危', 'critical'],
  ['高', 'high'],
  [' 中危 ', 'medium'],
  ['Low', 'low'],
  ['未评级', null],
])('the written grade %s is %s', (written, grade) => {
  expect(gradeNamed(written)).toBe(grade);
});

describe('of more vectors than are kept', () => {
  const local = Array.from({ length: 30 }, (_, index) => `not a vector ${index}`);
  const open = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';

  test('one that needs nobody is kept, wherever it stood', () => {
    const kept = tellingVectors([...local, open, open], 20);
    expect(kept).toHaveLength(20);
    expect(kept).toContain(open);
  });

  test('all are kept in their order where they have room', () => {
    expect(tellingVectors(['b', open, 'a', 'b'], 20)).toEqual(['b', open, 'a']);
  });
});
