import type { Closure, Link } from '@backcheck/core';
import {
  CLEAN_BY_NESSUS,
  closureBetween,
  type Look,
  SEEN_BY_NESSUS,
} from '../packages/core/src/prove/closure.fixture.ts';
import {
  invalid,
  rewitnessed,
  signed,
  statementFor,
  unproven,
  type Vector,
  valid,
} from './certificate-vectors.ts';

/** Closures that rest on what people said about the asset: rule v2. */

const OTHER_NAME = [{ kind: 'ip', value: '192.0.2.8' }] as const;
const cleanElsewhere: Look = { ...CLEAN_BY_NESSUS, identifiers: OTHER_NAME };

const linkOf = (change: Partial<Link> = {}): Link => ({
  identity: 'ip:192.0.2.8',
  target: 'ip:192.0.2.7',
  from: '2026-04-01T00:00:00.000Z',
  until: null,
  ...change,
});

const linked = closureBetween([SEEN_BY_NESSUS], [cleanElsewhere], { links: [linkOf()] });
const seenElsewhere = closureBetween([SEEN_BY_NESSUS], [cleanElsewhere], {
  links: [linkOf({ from: '2026-04-12T00:00:00.000Z' })],
});

const cleanOn = (...days: readonly string[]): Look[] => days.map((day) => ({ ...CLEAN_BY_NESSUS, day }));
const sampled = closureBetween([SEEN_BY_NESSUS], cleanOn('04-11', '04-12', '04-13', '04-14', '04-15'), {
  samples: 5,
});

/** All five at the same time of one day. */
const withinADay = rewitnessed(sampled, { visit: { startedAt: '2026-04-15T08:00:00.000Z' } });
const [first] = sampled.witnesses;
const repeated: Closure =
  first === undefined ? sampled : { ...sampled, witnesses: [first, first, ...sampled.witnesses.slice(2)] };

export function identityVectors(): Vector[] {
  const underOldRule: Closure = { ...linked, rule: 'backcheck/closure-by-proof/v1' };
  return [
    valid('linked', signed(statementFor(linked)), 'a person said that the scan of 192.0.2.8 met this asset'),
    valid('five-samples', signed(statementFor(sampled)), 'several machines answer in turn: five clean scans'),
    invalid(
      'link-under-first-rule',
      'statement',
      signed(statementFor(underOldRule)),
      'the first rule knows no links',
    ),
    unproven('link-of-another-time', 'asset', seenElsewhere, 'the link begins after the scan'),
    unproven(
      'link-unnamed',
      'asset',
      rewitnessed(linked, { claim: { assumptions: [] } }),
      'the scan names another asset, but A-identity is not among the assumptions',
    ),
    unproven(
      'link-elsewhere',
      'asset',
      { ...linked, links: [linkOf({ target: 'ip:192.0.2.9' })] },
      'the link leads to a third asset',
    ),
    unproven(
      'four-samples',
      'vantages',
      { ...sampled, witnesses: sampled.witnesses.slice(1) },
      'five are needed',
    ),
    unproven('samples-within-a-day', 'vantages', withinADay, 'five scans at one moment met one machine'),
    unproven('sample-twice', 'vantages', repeated, 'one scan counts as two'),
  ];
}
