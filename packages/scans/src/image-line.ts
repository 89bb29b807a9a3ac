import type { Identifier } from '@backcheck/core';

/**
 * The identifiers of a container image: first the line of images "repository:tag" that was asked for, so that a
 * rebuilt image is the same asset (COVERAGE.md 5.16), then each "repository@sha256:…" that the file states.
 * An image that was asked for by digest, by id or as an archive is known by its tag where it has one.
 */
export function imageIdentifiers(
  name: string,
  tags: readonly string[],
  digests: readonly string[],
): Identifier[] {
  const bare = name.replace(/@sha256:[0-9a-f]+$/i, '');
  const nameless = bare === '' || /^sha256:[0-9a-f]+$/i.test(bare);
  const tagged = !nameless && /:[^/:]+$/.test(bare);
  const known = tagged ? bare : (tags.find((tag) => tag.startsWith(`${bare}:`)) ?? [...tags].sort()[0]);
  const line = known ?? (nameless ? digests[0]?.replace(/@.*$/, '') : undefined) ?? bare;
  return [line, ...digests].map((value) => ({ kind: 'image', value }));
}

/** An image that was given as an archive: builds give it the same name everywhere. */
const ARCHIVE = /^[./\\]|\.(?:tar|tgz|gz)$/i;

/** Whether these names mean the same image wherever the tool ran. */
export function isImageNamed(name: string, tags: readonly string[], digests: readonly string[]): boolean {
  return tags.length > 0 || digests.length > 0 || (name.trim() !== '' && !ARCHIVE.test(name));
}
