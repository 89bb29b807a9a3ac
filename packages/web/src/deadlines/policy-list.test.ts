import type { DeadlinePolicy, DeadlinePolicyList, PolicyAssignment } from '@backcheck/contract';
import { PRESETS } from '@backcheck/core';
import { describe, expect, it } from 'vitest';
import { holdsAt, shownVersions } from './policy-list.ts';

const [PRESET] = PRESETS;
const policy = (id: string, code: string, of: Partial<DeadlinePolicy> = {}): DeadlinePolicy =>
  ({
    id,
    organizationId: null,
    version: 1,
    preset: false,
    content: { ...PRESET, code },
    draftedBy: null,
    draftedAt: '2026-06-01T02:00:00.000Z',
    approvedBy: null,
    approvedAt: '2026-06-02T02:00:00.000Z',
    ...of,
  }) as DeadlinePolicy;
const assigned = (policyId: string, organizationId: string | null, appliesTo: 'open' | 'new' = 'open') =>
  ({ id: `${policyId} ${organizationId}`, organizationId, policyId, appliesTo }) as PolicyAssignment;

const DEFAULT = policy('1', 'cn-default', { preset: true });
const FIRST = policy('2', 'own-cn');
const DRAFT = policy('3', 'own-cn', { version: 2, approvedAt: null });
const list = (items: DeadlinePolicy[], assignments: PolicyAssignment[]): DeadlinePolicyList =>
  ({ items, assignments, defaultCode: 'cn-default' }) as DeadlinePolicyList;
const rows = (of: DeadlinePolicyList) =>
  shownVersions(of).map((one) => {
    const { isDefault, nodes } = holdsAt(of, one);
    return [one.id, isDefault, nodes.map(({ organizationId }) => organizationId)];
  });

describe('the list of policies', () => {
  it('says of a draft that it holds nowhere, and of the version before where it does', () => {
    expect(rows(list([DEFAULT, DRAFT, FIRST], [assigned('2', '7')]))).toEqual([
      ['1', true, []],
      ['3', false, []],
      ['2', false, ['7']],
    ]);
  });

  it('has no row for an older version that holds nowhere any more', () => {
    const approved = { ...DRAFT, approvedAt: '2026-06-05T02:00:00.000Z' };
    expect(rows(list([DEFAULT, approved, FIRST], [assigned('3', '7'), assigned('2', '7')]))).toEqual([
      ['1', true, []],
      ['3', false, ['7']],
    ]);
  });

  it('has both where the newer one holds for new findings only', () => {
    const assignments = [assigned('3', '7', 'new'), assigned('2', '7')];
    expect(rows(list([DEFAULT, { ...DRAFT, approvedAt: FIRST.approvedAt }, FIRST], assignments))).toEqual([
      ['1', true, []],
      ['3', false, ['7']],
      ['2', false, ['7']],
    ]);
  });

  it('calls the newest version of the default the default, also beside an older one that was assigned', () => {
    const newer = { ...DEFAULT, id: '9', version: 2 };
    expect(rows(list([newer, DEFAULT], [assigned('1', '7')]))).toEqual([
      ['9', true, []],
      ['1', false, ['7']],
    ]);
    expect(rows(list([newer, DEFAULT], [assigned('1', null)]))).toEqual([
      ['9', false, []],
      ['1', false, [null]],
    ]);
  });
});
