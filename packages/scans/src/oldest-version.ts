import { feedKey, newer } from '@backcheck/core';

/**
 * Which of several versions or feeds a file as a whole stands for: the lowest, because an older one must not pass for
 * a newer one. Null where none is stated.
 */
export function oldestVersion(versions: readonly (string | null)[]): string | null {
  const stated = versions.filter((one) => one !== null);
  return stated.reduce<string | null>(
    (oldest, one) => (oldest === null || newer(feedKey(oldest), feedKey(one)) ? one : oldest),
    null,
  );
}
