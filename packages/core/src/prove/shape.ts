import type { Instant } from '../observe/record.ts';
import type { Sha256 } from './hash.ts';

/** Says why a value is not of the asked shape; never leaves this folder but as a message. */
class Misshapen extends Error {}

/** Takes a parsed JSON value for what it is, or throws `Misshapen` with its place. */
export type Shape<T> = (value: unknown, place: string) => T;

export type Shaped<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

/**
 * Reads hostile JSON into a type. Strict on purpose: an unknown member is refused, because a reader that
 * skips what it does not know would call a certificate valid that says more than was checked.
 */
export function readShape<T>(shape: Shape<T>, value: unknown, place: string): Shaped<T> {
  try {
    return { ok: true, value: shape(value, place) };
  } catch (error) {
    if (error instanceof Misshapen) return { ok: false, message: error.message };
    throw error;
  }
}

export function wrong(place: string, expected: string): never {
  throw new Misshapen(`${place}: not ${expected}`);
}

/** Any well-formed text, also the empty one. */
export const text: Shape<string> = (value, place) =>
  typeof value === 'string' && value.isWellFormed() ? value : wrong(place, 'a text');

export const word: Shape<string> = (value, place) =>
  text(value, place) === '' ? wrong(place, 'a text of at least one character') : text(value, place);

export const flag: Shape<boolean> = (value, place) =>
  typeof value === 'boolean' ? value : wrong(place, 'true or false');

export const sha256: Shape<Sha256> = (value, place) =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
    ? value
    : wrong(place, '64 lower-case hex digits');

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Only the form that compares as text, and only days that exist. */
export const instant: Shape<Instant> = (value, place) =>
  typeof value === 'string' && INSTANT.test(value) && isoOf(value) === value
    ? value
    : wrong(place, 'a UTC time with milliseconds');

function isoOf(value: string): string | null {
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

export const integer =
  (from: number, to: number): Shape<number> =>
  (value, place) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= from && value <= to
      ? value
      : wrong(place, `a whole number from ${from} to ${to}`);

export const oneOf =
  <T extends string>(values: readonly T[]): Shape<T> =>
  (value, place) =>
    values.find((one) => one === value) ?? wrong(place, `one of ${values.join(', ')}`);

export const yes: Shape<true> = (value, place) => (value === true ? true : wrong(place, 'true'));

export const nullable =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value, place) =>
    value === null ? null : shape(value, place);

/** The rules compare some lists with each other; longer ones would make that slow, and no real one is. */
const MAX_MEMBERS = 10_000;

export const list =
  <T>(shape: Shape<T>): Shape<readonly T[]> =>
  (value, place) =>
    Array.isArray(value) && value.length <= MAX_MEMBERS
      ? value.map((member: unknown, index) => shape(member, `${place}[${index}]`))
      : wrong(place, `a list of at most ${MAX_MEMBERS}`);

export const some =
  <T>(shape: Shape<T>): Shape<readonly T[]> =>
  (value, place) => {
    const members = list(shape)(value, place);
    return members.length > 0 ? members : wrong(place, 'a list of at least one');
  };

/** A member that may be missing; where it stands, it has this shape. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  const whole: Shape<T | undefined> = (value, place) => shape(value, place);
  OPTIONAL.add(whole);
  return whole;
}

const OPTIONAL = new WeakSet<Shape<unknown>>();

/** An object with exactly these members. */
export const record =
  <T extends object>(members: { readonly [K in keyof Required<T>]: Shape<T[K]> }): Shape<T> =>
  (value, place) => {
    const given = membersOf(value, place);
    const unknown = Object.keys(given).find((name) => !Object.hasOwn(members, name));
    if (unknown !== undefined) throw new Misshapen(`${place}: unknown member ${JSON.stringify(unknown)}`);
    const read = Object.entries<Shape<unknown>>(members).flatMap(([name, shape]) => {
      if (Object.hasOwn(given, name)) return [[name, shape(given[name], `${place}.${name}`)]];
      if (OPTIONAL.has(shape)) return [];
      throw new Misshapen(`${place}: member "${name}" is missing`);
    });
    // Boundary: every member of T went through its own shape just above.
    return Object.fromEntries(read) as T;
  };

/** The members of an object by name, whatever they hold. */
export const membersOf: Shape<Readonly<Record<string, unknown>>> = (value, place) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(place, 'an object');
  // Boundary: any object can be asked for its members; what they hold stays unknown.
  return value as Readonly<Record<string, unknown>>;
};

/** The first of several shapes, chosen by which member the object has. */
export const byMember =
  <T>(shapes: Readonly<Record<string, Shape<T>>>): Shape<T> =>
  (value, place) => {
    const given = membersOf(value, place);
    const shape = Object.entries(shapes).find(([name]) => Object.hasOwn(given, name))?.[1];
    return shape === undefined
      ? wrong(place, `an object with ${Object.keys(shapes).join(' or ')}`)
      : shape(value, place);
  };
