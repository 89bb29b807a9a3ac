import { describe, expect, test } from 'vitest';
import { nessusScan } from '../../../../tests/support/nessus-scan.ts';
import type { ImportedScan } from '../observe/scan-facts.ts';
import { foldWorld, type WorldSettings } from './fold-world.ts';

const MACHINE = [{ kind: 'ip' as const, value: '192.0.2.7' }];

/** A scan some hours after the first of September 2026; the visit takes the hour after the next. */
const scan = (hour: number, seen: boolean): ImportedScan =>
  nessusScan(new Date(Date.UTC(2026, 8, 1, hour)).toISOString(), seen, MACHINE);
const seen = (...hours: number[]): ImportedScan[] => hours.map((hour) => scan(hour, true));
const clean = (...hours: number[]): ImportedScan[] => hours.map((hour) => scan(hour, false));
const DAY = 24;

function fold(scans: readonly ImportedScan[], settings: WorldSettings = {}) {
  const [finding] = foldWorld(scans, { steadyProof: true, ...settings });
  const { state, reason, closing, need } = finding ?? {};
  return { state, reason, unsteady: need?.unsteady, absences: closing?.absences.length };
}

const PROVEN = { state: 'verified-fixed', reason: null };
const UNSTEADY = { state: 'regressed', reason: 'UNSTEADY', absences: undefined };

describe('a finding that was never gone, or came back once after days', () => {
  test('closes by one clean scan', () => {
    expect(fold([...seen(0), ...clean(2)])).toEqual({ ...PROVEN, unsteady: undefined, absences: 1 });
    expect(fold([...seen(0, 200), ...clean(100, 202)])).toMatchObject({ ...PROVEN, absences: 1 });
  });
});

describe('a finding that was gone and came back twice within 90 days', () => {
  const swinging = [...seen(0, 10 * DAY, 20 * DAY), ...clean(5 * DAY, 15 * DAY)];

  test('closes only by two clean scans three days apart', () => {
    const unsteady = ['flapping'];
    expect(fold([...swinging, ...clean(25 * DAY)])).toEqual({ ...UNSTEADY, unsteady });
    expect(fold([...swinging, ...clean(25 * DAY, 28 * DAY - 1)])).toEqual({ ...UNSTEADY, unsteady });
    expect(fold([...swinging, ...clean(25 * DAY, 28 * DAY)])).toEqual({ ...PROVEN, unsteady, absences: 2 });
  });

  test('begins anew when it is seen between the two', () => {
    const between = [...swinging, ...seen(26 * DAY + 2), ...clean(25 * DAY, 28 * DAY)];
    expect(fold(between)).toMatchObject({ state: 'regressed', reason: 'UNSTEADY' });
  });

  test('stays so however long ago that was: a later sighting does not make it steady (I7)', () => {
    expect(fold([...swinging, ...clean(120 * DAY)])).toMatchObject(UNSTEADY);
    expect(fold([...swinging, ...seen(119 * DAY), ...clean(120 * DAY)])).toMatchObject(UNSTEADY);
  });

  test('closes by one where nobody asks for more', () => {
    expect(fold([...swinging, ...clean(25 * DAY)], { steadyProof: false })).toMatchObject({
      ...PROVEN,
      absences: 1,
    });
  });

  test('is not one whose returns lie further apart', () => {
    const slow = [...seen(0, 10 * DAY, 100 * DAY), ...clean(5 * DAY, 50 * DAY)];
    expect(fold([...slow, ...clean(101 * DAY)])).toMatchObject({ ...PROVEN, unsteady: undefined });
  });
});

describe('a finding that a scan missed within a day of its being seen', () => {
  const disagreed = [...seen(0, 30), ...clean(20)];

  test('closes only by five clean scans over a day', () => {
    const unsteady = ['disagreement'];
    expect(fold([...disagreed, ...clean(40)])).toEqual({ ...UNSTEADY, unsteady });
    expect(fold([...disagreed, ...clean(40, 45, 50, 55, 63)])).toEqual({ ...UNSTEADY, unsteady });
    expect(fold([...disagreed, ...clean(40, 45, 50, 64)])).toEqual({ ...UNSTEADY, unsteady });
    expect(fold([...disagreed, ...clean(40, 45, 50, 55, 64)])).toEqual({ ...PROVEN, unsteady, absences: 5 });
  });

  test('is not one that was seen and was gone an hour later: it was fixed', () => {
    expect(fold([...seen(0), ...clean(2)])).toMatchObject(PROVEN);
  });

  test('is not one of which a scan from another place, or a shallower one, said nothing', () => {
    const [missed] = clean(20);
    if (missed === undefined) throw new Error('no scan');
    const elsewhere = { ...missed, vantage: 'outside' };
    const shallow = {
      ...missed,
      coverage: missed.coverage.map((one) => ({ ...one, method: 'banner' as const })),
    };
    for (const other of [elsewhere, shallow])
      expect(fold([...seen(0, 30), other, ...clean(40)])).toMatchObject({ ...PROVEN, unsteady: undefined });
  });

  test('is one also where the scan that saw it had a newer feed', () => {
    const newer = seen(30).map((one) => ({
      ...one,
      scan: { ...one.scan, tool: { ...one.scan.tool, version: '7.2' } },
    }));
    const later = clean(40).map((one) => ({
      ...one,
      scan: { ...one.scan, tool: { ...one.scan.tool, version: '7.2' } },
    }));
    expect(fold([...seen(0), ...clean(20), ...newer, ...later])).toMatchObject(UNSTEADY);
  });

  test('needs what every reason asks for when there are several', () => {
    const both = [...seen(0, 30, 60), ...clean(20, 50)];
    const unsteady = ['disagreement', 'flapping'];
    expect(fold([...both, ...clean(70, 75, 80, 85, 100)])).toEqual({ ...UNSTEADY, unsteady });
    expect(fold([...both, ...clean(70, 142)])).toEqual({ ...UNSTEADY, unsteady });
    expect(fold([...both, ...clean(70, 75, 80, 85, 142)])).toEqual({ ...PROVEN, unsteady, absences: 5 });
    const balanced = [{ identity: 'ip:192.0.2.7', backends: 6 }];
    expect(fold([...both, ...clean(70, 75, 80, 85, 142)], { register: { balanced } })).toEqual({
      ...UNSTEADY,
      unsteady,
    });
    expect(fold([...both, ...clean(70, 75, 80, 85, 90, 142)], { register: { balanced } })).toEqual({
      ...PROVEN,
      unsteady,
      absences: 6,
    });
  });
});
