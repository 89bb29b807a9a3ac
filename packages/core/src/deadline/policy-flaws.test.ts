import { describe, expect, it } from 'vitest';
import type { Policy, PolicyRule } from './policy.ts';
import { flawsOf } from './policy-flaws.ts';
import { CN_DEFAULT } from './presets/cn-default.ts';
import { calendarDays, hours, months, workingDays } from './presets/terms.ts';

const RULE: PolicyRule = {
  id: 'high',
  when: [{ grade: ['high', 'critical'] }],
  fix: { kind: 'within', term: workingDays(5) },
};
const SOUND: Policy = { ...CN_DEFAULT, code: 'own', rules: [RULE] };
const CALENDARS = [{ code: 'cn' }];

const rules = (...changes: Partial<PolicyRule>[]): Partial<Policy> => ({
  rules: changes.map((change) => ({ ...RULE, ...change })),
});
const fix = (amount: number): PolicyRule['fix'] => ({ kind: 'within', term: calendarDays(amount) });

describe('a policy of somebody’s own', () => {
  it('has nothing to say about a sound one', () => {
    expect(flawsOf(SOUND, CALENDARS)).toEqual([]);
  });

  it.each<[Partial<Policy>, string, string]>([
    [{ code: 'Own Policy' }, 'code', 'CODE_MALFORMED'],
    [{ title: { zh: '自定', en: '' } }, 'title', 'TEXT_MISSING'],
    [{ source: { zh: ' ', en: 'ours' } }, 'source', 'TEXT_MISSING'],
    [{ timeZone: 'Beijing' }, 'timeZone', 'TIME_ZONE_UNKNOWN'],
    [{ timeZone: '+08:00' }, 'timeZone', 'TIME_ZONE_UNKNOWN'],
    [{ calendar: 'fr' }, 'calendar', 'CALENDAR_UNKNOWN'],
    [{ calendar: null }, 'rules.0.fix.term', 'CALENDAR_NEEDED'],
    [{ rules: [] }, 'rules', 'NO_RULES'],
    [rules({ id: '' }), 'rules.0.id', 'ID_MALFORMED'],
    [rules({}, { when: [{ grade: ['low'] }] }), 'rules.1.id', 'ID_REPEATED'],
    [rules({ when: [] }, { id: 'low', when: [{ grade: ['low'] }] }), 'rules.1', 'RULE_UNREACHABLE'],
    [rules({ when: [{}] }, { id: 'rest', when: [] }), 'rules.1', 'RULE_UNREACHABLE'],
    [rules({}, { id: 'two', when: [{ grade: ['high'], kev: true }] }), 'rules.1', 'RULE_UNREACHABLE'],
    [
      rules({ when: [{ levelFrom: 2 }] }, { id: 'two', when: [{ levelFrom: 3 }] }),
      'rules.1',
      'RULE_UNREACHABLE',
    ],
    [
      rules({ when: [{ cveYearFrom: 2021 }] }, { id: 'two', when: [{ cveYearFrom: 2021, kev: true }] }),
      'rules.1',
      'RULE_UNREACHABLE',
    ],
    [rules({ when: [{ grade: [] }] }), 'rules.0.when.0.grade', 'LIST_EMPTY'],
    [rules({ when: [{ levelFrom: 6 }] }), 'rules.0.when.0.levelFrom', 'LEVEL_OUT_OF_RANGE'],
    [rules({ when: [{ cveYearFrom: 21 }] }), 'rules.0.when.0.cveYearFrom', 'YEAR_OUT_OF_RANGE'],
    [rules({ fix: fix(0) }), 'rules.0.fix.term', 'TERM_OUT_OF_RANGE'],
    [rules({ fix: fix(-3) }), 'rules.0.fix.term', 'TERM_OUT_OF_RANGE'],
    [rules({ fix: fix(1.5) }), 'rules.0.fix.term', 'TERM_OUT_OF_RANGE'],
    [rules({ fix: fix(3651) }), 'rules.0.fix.term', 'TERM_OUT_OF_RANGE'],
    [rules({ fix: { kind: 'upgrade', review: months(121) } }), 'rules.0.fix.review', 'TERM_OUT_OF_RANGE'],
    [
      rules({ fix: { kind: 'kev-due-date', otherwise: hours(0) } }),
      'rules.0.fix.otherwise',
      'TERM_OUT_OF_RANGE',
    ],
    [rules({ plan: hours(0) }), 'rules.0.plan', 'TERM_OUT_OF_RANGE'],
    [rules({ tasks: [{ id: 'a', term: hours(0) }] }), 'rules.0.tasks.0.term', 'TERM_OUT_OF_RANGE'],
    [
      rules({
        tasks: [
          { id: 'a', term: hours(1) },
          { id: 'a', term: hours(2) },
        ],
      }),
      'rules.0.tasks.1.id',
      'ID_REPEATED',
    ],
    [rules({ interim: workingDays(6) }), 'rules.0.interim', 'INTERIM_AFTER_FIX'],
    [
      { extension: { most: 11, upToTerm: true, needsInterim: true } },
      'extension.most',
      'EXTENSIONS_OUT_OF_RANGE',
    ],
    [{ escalation: [{ step: 'remind', at: { share: 1 } }] }, 'escalation.0', 'SHARE_OUT_OF_RANGE'],
    [
      { escalation: [{ step: 'reminder', at: { after: workingDays(0) } }] },
      'escalation.0',
      'TERM_OUT_OF_RANGE',
    ],
    [
      {
        escalation: [
          { step: 'remind', at: { share: 0.5 } },
          { step: 'remind', at: { share: 0.8 } },
        ],
      },
      'escalation.1',
      'STEP_REPEATED',
    ],
    [
      {
        escalation: [
          { step: 'overdue', at: { after: null } },
          { step: 'remind', at: { share: 0.8 } },
        ],
      },
      'escalation.1',
      'STEP_OUT_OF_ORDER',
    ],
    [
      {
        escalation: [
          { step: 'supervision', at: { after: workingDays(3) } },
          { step: 'reminder', at: { after: workingDays(1) } },
        ],
      },
      'escalation.1',
      'STEP_OUT_OF_ORDER',
    ],
  ])('finds with %j at %s %s', (change, field, code) => {
    const flaws = flawsOf({ ...SOUND, ...change }, CALENDARS);
    expect(flaws.map((flaw) => ({ field: flaw.field, code: flaw.code }))).toContainEqual({ field, code });
    expect(flaws.every(({ text }) => text.zh !== '' && text.en !== '')).toBe(true);
  });

  it('calls no rule unreachable that something still falls to', () => {
    const reachable = rules(
      { when: [{ grade: ['high'], kev: true }] },
      { id: 'two', when: [{ grade: ['high'] }] },
      { id: 'three', when: [{ grade: ['high'] }, { exposed: true }] },
      { id: 'rest', when: [] },
    );
    expect(flawsOf({ ...SOUND, ...reachable }, CALENDARS)).toEqual([]);
  });
});
