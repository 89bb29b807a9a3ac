import type { PackageName } from './package-locus.ts';

/** A name as package managers write it, taken apart: "@scope/name", "group:artifact", "github.com/owner/name". */
export function packageNamed(type: string, name: string): PackageName {
  const cut = name.lastIndexOf(type === 'maven' ? ':' : '/');
  return { type, namespace: name.slice(0, Math.max(cut, 0)), name: name.slice(cut + 1) };
}
