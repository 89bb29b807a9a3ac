import type { RetestObstacle } from '@backcheck/core';
import { type Bounds, type Pinned, refusalOf } from './refusal.ts';

export type Follow =
  | { readonly kind: 'follow'; readonly url: URL }
  | { readonly kind: 'refused'; readonly why: RetestObstacle };

/**
 * Whether a redirect may be followed: only to the target of this run, at its pinned address. The URL standard has
 * already turned decimal, hexadecimal and full-width hosts into what they mean, and that is what is judged.
 */
export function mayFollow(
  location: string,
  base: URL,
  { pinned, bounds }: { pinned: Pinned; bounds: Bounds },
): Follow {
  const refused = (why: RetestObstacle): Follow => ({ kind: 'refused', why });
  if (!URL.canParse(location, base.href)) return refused('ADDRESS_REFUSED');
  const url = new URL(location, base);
  const web = url.protocol === 'http:' || url.protocol === 'https:';
  if (!web || url.username !== '' || url.password !== '') return refused('ADDRESS_REFUSED');
  const why = hostRefusal(url.hostname.replace(/^\[|\]$/g, ''), { pinned, bounds });
  return why === null ? { kind: 'follow', url } : refused(why);
}

/** The target of a run may be met under its name, and under its address where that is covered by itself. */
export function hostRefusal(
  host: string,
  { pinned, bounds }: { readonly pinned: Pinned; readonly bounds: Bounds },
): RetestObstacle | null {
  if (host !== pinned.host && host !== pinned.address)
    return refusalOf({ host, address: host }, bounds) ?? 'NOT_AUTHORIZED';
  return refusalOf({ host, address: pinned.address }, bounds);
}
