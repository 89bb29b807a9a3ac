/** The value at a path of keys in parsed JSON of unknown shape; undefined where anything is missing or of another type. */
export function valueAt(value: unknown, ...keys: readonly (string | number)[]): unknown {
  let here = value;
  for (const key of keys) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string | number, unknown>)[key]; // an object that has the key, as just seen
  }
  return here;
}

export function textAt(value: unknown, ...keys: readonly (string | number)[]): string | undefined {
  const found = valueAt(value, ...keys);
  return typeof found === 'string' ? found : undefined;
}

/**
 * A text, or a number written out; '' for all else. `String()` would throw at `{"toString":1}`.
 */
export function writtenAt(value: unknown, ...keys: readonly (string | number)[]): string {
  const found = valueAt(value, ...keys);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

/** Whole and not negative, as an index or a line number is. */
export function countAt(value: unknown, ...keys: readonly (string | number)[]): number | undefined {
  const found = valueAt(value, ...keys);
  return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : undefined;
}

/** An empty list where there is none. */
export function listAt(value: unknown, ...keys: readonly (string | number)[]): readonly unknown[] {
  const found = valueAt(value, ...keys);
  return Array.isArray(found) ? found : [];
}
