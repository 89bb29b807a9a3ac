import type { PackageName } from '../package-locus.ts';
import { packageNamed } from '../package-named.ts';

/** Families whose packages Trivy matches against advisories (pkg/detector/ospkg of Trivy 0.69): purl type for each. */
const OS_FAMILIES: Readonly<Record<string, readonly string[]>> = {
  deb: ['debian', 'ubuntu', 'echo'],
  apk: ['alpine', 'wolfi', 'chainguard', 'minimos'],
  rpm: [
    ...['redhat', 'centos', 'rocky', 'alma', 'oracle', 'amazon', 'photon', 'azurelinux', 'cbl-mariner'],
    ...['opensuse', 'opensuse-leap', 'opensuse-tumbleweed', 'sles', 'slem', 'bottlerocket', 'coreos'],
    ...['opensuse.leap', 'opensuse.tumbleweed', 'suse linux enterprise server'],
  ],
};

/** The `Type` of a result about a language, by purl type, where the two differ. */
const LANGUAGES: Readonly<Record<string, readonly string[]>> = {
  npm: ['yarn', 'pnpm', 'bun', 'node-pkg', 'javascript'],
  pypi: ['pip', 'pipenv', 'poetry', 'uv', 'pylock', 'python-pkg'],
  maven: ['jar', 'pom', 'gradle', 'sbt'],
  golang: ['gobinary', 'gomod'],
  gem: ['bundler', 'gemspec'],
  composer: ['composer-vendor'],
  cargo: ['rustbinary'],
  nuget: ['dotnet-core', 'packages-props'],
  conda: ['conda-pkg', 'conda-environment'],
};

const purlTypes = (table: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(table).flatMap(([purl, types]) => types.map((type) => [type, purl])));

const OS_PURLS = purlTypes(OS_FAMILIES);
const LANGUAGE_PURLS = purlTypes(LANGUAGES);

export function isSupportedOs(type: string): boolean {
  return OS_PURLS.has(type);
}

/**
 * The name of a package from the `Type` of its result and `PkgName`. Never from the purl in the file: old versions
 * write none, and a finding must keep its name when Trivy is updated.
 */
export function packageName(type: string, os: boolean, name: string): PackageName {
  if (os) return { type: OS_PURLS.get(type) ?? 'rpm', namespace: type, name };
  return packageNamed(LANGUAGE_PURLS.get(type) ?? (type || 'generic'), name);
}
