import serialize from 'canonicalize';

/** The value has no canonical form. The message names the place. */
export class NotCanonical extends Error {}

/** Nothing that we hash is deeper than ten; a file that is means to exhaust the stack. */
const MAX_DEPTH = 64;

/**
 * The one text of a JSON value after RFC 8785 (JCS), the form that is hashed and signed.
 * Throws `NotCanonical` on what JSON cannot say. The package alone would drop a member that is undefined:
 * two different records would then have the same hash.
 */
export function canonical(value: unknown): string {
  refuseUnsayable(value, '$', 0);
  const text = serialize(value);
  if (text === undefined) throw new NotCanonical('$: not a JSON value');
  return text;
}

/** For values that somebody else made: null where there is no canonical form. */
export function canonicalOrNull(value: unknown): string | null {
  try {
    return canonical(value);
  } catch (error) {
    if (error instanceof NotCanonical) return null;
    throw error;
  }
}

function refuseUnsayable(value: unknown, place: string, depth: number): void {
  if (depth > MAX_DEPTH) throw new NotCanonical(`${place}: deeper than ${MAX_DEPTH} levels`);
  switch (typeof value) {
    case 'boolean':
      return;
    case 'number':
      if (!Number.isFinite(value)) throw new NotCanonical(`${place}: ${value} is no JSON number`);
      return;
    case 'string':
      refuseLoneSurrogate(value, place);
      return;
    case 'object':
      if (value !== null) refuseMembers(value, place, depth);
      return;
    default:
      throw new NotCanonical(`${place}: ${typeof value} is no JSON value`);
  }
}

function refuseLoneSurrogate(text: string, place: string): void {
  if (!text.isWellFormed()) throw new NotCanonical(`${place}: a lone surrogate has no UTF-8 form`);
}

function refuseMembers(value: object, place: string, depth: number): void {
  if (Array.isArray(value)) {
    for (const [index, member] of value.entries()) refuseUnsayable(member, `${place}[${index}]`, depth + 1);
    return;
  }
  const prototype = Object.getPrototypeOf(value);
  const plain = prototype === Object.prototype || prototype === null;
  if (!plain || ('toJSON' in value && typeof value.toJSON === 'function')) {
    throw new NotCanonical(`${place}: not a plain object`);
  }
  for (const [name, member] of Object.entries(value)) {
    refuseLoneSurrogate(name, place);
    refuseUnsayable(member, `${place}.${name}`, depth + 1);
  }
}
