import type { Text } from '../observe/text.ts';
import data from './equivalences.json' with { type: 'json' };

/** One check of one tool that reports the weakness. */
export interface EquivalenceMember {
  readonly check: string;
  /** Left out: ''. Ending in "#": every locus that begins so. null: any locus. The last two group and never close. */
  readonly locus?: string | null | undefined;
  /** How much the member's absence proves: it answers for members of the same rank and below. 0: it only groups. */
  readonly rank: number;
  /** false: the id comes from memory and was seen in no file and no manual. It groups and never closes. */
  readonly verified?: boolean | undefined;
}

/** Checks of several tools that report one weakness. */
export interface Equivalence {
  readonly name: string;
  readonly title: Text;
  readonly cwe: readonly string[];
  readonly members: readonly EquivalenceMember[];
}

/**
 * Curated by hand (docs/decisions/0009). Certificates name entries and pairs: what an entry's name means never
 * changes, and a pair that once could close stays; a mistake gets a new entry.
 */
export const EQUIVALENCES: readonly Equivalence[] = data;

/** The check at the locus whose absence stands in for that of another tool's. */
export interface StandIn {
  readonly check: string;
  readonly locus: string;
  /** Name of the equivalence that declares it. */
  readonly equivalence: string;
}

interface Place {
  readonly check: string;
  readonly locus: string;
}

const written = ({ check, locus }: Place): string => `${check}\u001f${locus}`;

const MEMBERS = EQUIVALENCES.flatMap((equivalence) =>
  equivalence.members.map((member) => ({ equivalence, member })),
);
const AT_PLACE = new Map(
  MEMBERS.flatMap(({ equivalence, member: { check, locus = '' } }) =>
    locus === null ? [] : [[written({ check, locus }), equivalence] as const],
  ),
);
const ANYWHERE = new Map(
  MEMBERS.filter(({ member }) => member.locus === null).map(
    ({ equivalence, member }) => [member.check, equivalence] as const,
  ),
);

/** The place in a locus `place#detail`, with its mark. */
export const PLACE_IN_LOCUS = '^[^#]*#';
const BELOW = new RegExp(PLACE_IN_LOCUS);

/** The weakness that a check reports at a locus; null where nobody declared one. */
export function equivalenceOf({ check, locus }: Place): Equivalence | null {
  const [below = locus] = BELOW.exec(locus) ?? [];
  const exact = AT_PLACE.get(written({ check, locus })) ?? AT_PLACE.get(written({ check, locus: below }));
  return exact ?? ANYWHERE.get(check) ?? null;
}

/** Whether a member can close and be closed at all. */
export function mayClose({ rank, locus = '', verified = true }: EquivalenceMember): boolean {
  return rank > 0 && verified && locus !== null && !locus.endsWith('#');
}

/**
 * The members whose absence may close a finding of this check at this locus, sorted: all that close and have its
 * rank or a higher one. Members of the same tool are among them; whether a scan answers by its own check or by a
 * stand-in is for `cover/stand-in.ts` to say.
 */
export function standInsFor(place: Place): readonly StandIn[] {
  return STAND_INS.get(written(place)) ?? [];
}

const STAND_INS = new Map(
  EQUIVALENCES.flatMap(({ name, members }) => {
    const closing = members.filter(mayClose);
    return closing.map((closed) => {
      const { check, locus } = closed;
      const others = closing.filter((one) => one !== closed && one.rank >= closed.rank);
      const standIns = others.map(
        (one): StandIn => ({ check: one.check, locus: one.locus ?? '', equivalence: name }),
      );
      return [
        written({ check, locus: locus ?? '' }),
        standIns.sort((a, b) => (written(a) < written(b) ? -1 : 1)),
      ] as const;
    });
  }),
);
