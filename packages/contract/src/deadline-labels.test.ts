import { PRESETS } from '@backcheck/core';
import { describe, expect, it, test } from 'vitest';
import { fixText, ruleName, termText, whenText } from './deadline-labels.ts';

const rule = (code: string, id: string) => {
  const found = PRESETS.find((policy) => policy.code === code)?.rules.find((one) => one.id === id);
  if (found === undefined) throw new Error(`${code} has no rule ${id}`);
  return found;
};

test('the rules of our presets have names in both languages, and those of others the name that their author gave', () => {
  for (const { code, rules } of PRESETS)
    for (const { id } of rules) {
      const { zh, en } = ruleName(id);
      expect([code, id, /[\u4e00-\u9fff]/.test(zh), en]).toEqual([
        code,
        id,
        true,
        expect.stringMatching(/^[a-z]/),
      ]);
    }
  expect(ruleName('critical-pressing').zh).toMatch(/^超危问题（/);
  expect(ruleName('as-14').en).toBe('like row 14');
  expect(ruleName('printers')).toEqual({ zh: 'printers', en: 'printers' });
});

describe('a rule as people read it', () => {
  it('says once what all its conditions have in common', () => {
    expect(whenText(rule('cn-default', 'critical-pressing'))).toEqual({
      zh: '超危，且符合其一：互联网暴露；已知被利用（KEV）；关键信息基础设施；等保 3 级及以上',
      en: 'Critical (超危), and one of: exposed to the internet; known to be exploited (KEV); critical infrastructure; MLPS level 3 or above',
    });
    expect(whenText(rule('cn-default', 'high'))).toEqual({ zh: '高危', en: 'High (高危)' });
  });

  it('does not name the grades where each of them is meant', () => {
    expect(whenText(rule('cn-default', 'end-of-support'))?.zh).toBe('停止支持');
  });

  it('without a condition holds always', () => {
    expect(whenText({ when: [] })).toBeNull();
    expect(whenText({ when: [{}] })).toBeNull();
    expect(whenText({ when: [{ kev: true }, {}] })).toBeNull();
  });

  it('has its terms in words', () => {
    expect(termText({ amount: 1, unit: 'working-days' })).toEqual({ zh: '1 个工作日', en: '1 working day' });
    expect(fixText({ kind: 'upgrade', review: { amount: 365, unit: 'calendar-days' } }).en).toBe(
      'With the next upgrade (review after 365 days)',
    );
  });

  it.each(PRESETS.flatMap(({ code, rules }) => rules.map((one) => [`${code} ${one.id}`, one] as const)))(
    '%s speaks Chinese and English',
    (_, one) => {
      const said = whenText(one);
      if (said !== null) for (const text of [said.zh, said.en]) expect(text).not.toBe('');
      expect(fixText(one.fix).zh).toMatch(/\p{Script=Han}/u);
    },
  );
});
