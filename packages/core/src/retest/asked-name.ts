const NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i;

/**
 * The name that a check asked for, as readers write it before the place in a locus ("www.example.org#TLSv1.0"; RFC
 * 6066 section 3, RFC 9110 section 7.2), or null for none. Undefined when the locus is no place of the check.
 * `place` matches a whole place; one that matches "" stands for a check without places.
 */
export function askedName(locus: string, place: RegExp): string | null | undefined {
  if (place.test(locus)) return null;
  const [name = '', ...rest] = locus.split('#');
  return NAME.test(name) && place.test(rest.join('#')) ? name : undefined;
}
