import { type Link, type Register, refuseLink, resolveAsset } from '@backcheck/core';
import fc from 'fast-check';

/** What a person may do to the register between two imports. */
export type RegisterEvent =
  | { readonly kind: 'merge'; readonly link: Link }
  | {
      readonly kind: 'split';
      readonly identity: string;
      readonly from: string | null;
      readonly target: string | null;
    }
  | { readonly kind: 'dhcp'; readonly cidr: string; readonly add: boolean }
  | { readonly kind: 'balanced'; readonly identity: string; readonly backends: number | null };

const IDENTITIES = ['ip:192.0.2.1', 'ip:192.0.2.2', 'ip:192.0.2.3', 'serial:s1'];
const identity = fc.constantFrom(...IDENTITIES);
/** A name that no scan gives, too: a split may need one. */
const target = fc.constantFrom(...IDENTITIES, 'serial:new');
/** Moments between the scans of histories.ts, or no limit. */
const moment = fc.option(
  fc
    .integer({ min: 0, max: 60 })
    .map((tick) => new Date(Date.UTC(2026, 0, 1) + tick * 60 * 60_000 + 30_000).toISOString()),
  { nil: null, freq: 2 },
);

export const registerEventArb: fc.Arbitrary<RegisterEvent> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({ identity, target, from: moment, until: moment })
      .map((link) => ({ kind: 'merge' as const, link })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ identity, from: moment, target: fc.option(target, { nil: null }) })
      .map((split) => ({ kind: 'split' as const, ...split })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('dhcp' as const),
      cidr: fc.constantFrom('192.0.2.0/31', '192.0.2.2/32', '192.0.2.0/24'),
      add: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('balanced' as const),
      identity,
      backends: fc.constantFrom(2, 2, 6, null),
    }),
  },
);

export type Registered = Required<Register>;

export const EMPTY_REGISTER: Registered = { links: [], dhcpRanges: [], balanced: [] };

/** The register afterwards; null when the event is refused. */
export function afterEvent(register: Registered, event: RegisterEvent): Registered | null {
  switch (event.kind) {
    case 'merge':
      return withLink(register, event.link);
    case 'split':
      return event.target === null
        ? withoutLink(register, event)
        : withLink(register, { ...event, target: event.target, until: null });
    case 'dhcp': {
      const others = register.dhcpRanges.filter((one) => one !== event.cidr);
      return { ...register, dhcpRanges: event.add ? [...others, event.cidr] : others };
    }
    case 'balanced': {
      const others = register.balanced.filter((one) => one.identity !== event.identity);
      const { identity: name, backends } = event;
      return {
        ...register,
        balanced: backends === null ? others : [...others, { identity: name, backends }],
      };
    }
  }
}

function withLink(
  register: Registered,
  { identity: name, target: to, from, until }: Link,
): Registered | null {
  const link = { identity: name, target: to, from, until };
  return refuseLink(link, register.links) === null ? { ...register, links: [...register.links, link] } : null;
}

/** The link that holds at `from`, or, without a time, the one from the beginning, ends then. */
function withoutLink(
  register: Registered,
  { identity: name, from }: { identity: string; from: string | null },
): Registered | null {
  const ended = register.links.find(
    (one) =>
      one.identity === name && (from === null ? one.from === null : resolveAsset(name, from, [one]) !== name),
  );
  if (ended === undefined) return null;
  const others = register.links.filter((one) => one !== ended);
  const shortened = from === null || ended.from === from ? [] : [{ ...ended, until: from }];
  return { ...register, links: [...others, ...shortened] };
}
