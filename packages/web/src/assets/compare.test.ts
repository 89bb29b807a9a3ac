import type { SeenIdentifier } from '@backcheck/contract';
import { expect, test } from 'vitest';
import { compare } from './compare.ts';

const seen = (kind: SeenIdentifier['kind'], value: string, day: number): SeenIdentifier => {
  const at = `2026-09-0${day}T00:00:00.000Z`;
  return { kind, value, firstSeen: at, lastSeen: at };
};

test('two assets are compared by what both had and what only one had, each with its time', () => {
  const { shared, differs } = compare([
    [seen('ip', '192.0.2.7', 1), seen('mac', '01', 1)],
    [seen('mac', '02', 5), seen('ip', '192.0.2.7', 5)],
  ]);
  expect(shared).toMatchObject([
    {
      value: '192.0.2.7',
      seen: [{ firstSeen: '2026-09-01T00:00:00.000Z' }, { firstSeen: '2026-09-05T00:00:00.000Z' }],
    },
  ]);
  expect(differs).toMatchObject([
    { value: '01', seen: [{}, null] },
    { value: '02', seen: [null, {}] },
  ]);
});
