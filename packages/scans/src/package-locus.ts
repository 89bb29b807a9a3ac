import { PackageURL } from 'packageurl-js';

export interface PackageName {
  /** A type of the purl specification: "npm", "deb", "maven" … */
  readonly type: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/**
 * The locus of a finding about a package: `place#pkg:type/namespace/name`. Without the version: a package that
 * moved from one weak version to another has the same finding still. `place` is where the package was found
 * (a lockfile, a layer's package database), '' when the whole asset is meant.
 */
export function packageLocus(place: string, name: PackageName): string {
  return `${place}#${purlOf(name)}`;
}

function purlOf({ type, namespace, name }: PackageName): string {
  try {
    return new PackageURL(
      type.toLowerCase(),
      namespace || undefined,
      name,
      undefined,
      undefined,
      undefined,
    ).toString();
  } catch {
    // A name that the purl specification refuses still tells one package from another.
    return `pkg:generic/${encodeURIComponent([type, namespace, name].filter(Boolean).join('/').toWellFormed())}`;
  }
}

/** The same from a purl that the file gives; version, qualifiers and subpath are dropped. Undefined when it is none. */
export function purlLocus(place: string, purl: string): string | undefined {
  try {
    const { type, namespace, name } = PackageURL.fromString(purl);
    if (type === undefined || name === undefined) return undefined;
    return packageLocus(place, { type, namespace: namespace ?? undefined, name });
  } catch {
    return undefined;
  }
}
