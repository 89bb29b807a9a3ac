import { PolicyContent } from '@backcheck/contract';
import { PRESETS } from '@backcheck/core';
import { describe, expect, it } from 'vitest';
import { changedTerm, readPolicy, termOfRule } from './policy-draft.ts';

describe('a drafted policy', () => {
  it.each(PRESETS.map((preset) => [preset.code, preset] as const))(
    '%s goes through JSON and back, and has another term where one was typed',
    (_, preset) => {
      const read = readPolicy(JSON.stringify(preset));
      const content = PolicyContent.parse(read);
      expect(content).toEqual(preset);
      const [first] = content.rules;
      const changed = changedTerm(content, first?.id ?? '', { amount: 7, unit: 'hours' });
      expect(changed.rules.map(termOfRule)).toEqual([
        { amount: 7, unit: 'hours' },
        ...content.rules.slice(1).map(termOfRule),
      ]);
    },
  );

  it('says where it is no policy, and whether it is JSON at all', () => {
    expect(readPolicy('{')).toEqual({ place: '' });
    expect(readPolicy('{"code":"a b"}')).toEqual({ place: 'code' });
    expect(readPolicy('1')).toEqual({ place: '/' });
  });
});
