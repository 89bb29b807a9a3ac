import type { Identifier } from '@backcheck/core';
import { PackageURL } from 'packageurl-js';
import { imageIdentifiers } from './image-line.ts';

/**
 * The asset that a purl names, without version: "oci" and "docker" are images (`repository:tag`, the digest as a
 * second identifier), everything else a package. Empty when it is no purl.
 */
export function productIdentifiers(text: string): Identifier[] {
  const purl = purlOf(text);
  if (purl === undefined) return [];
  const { type, namespace, name, version, qualifiers } = purl;
  if (type !== 'oci' && type !== 'docker') {
    return [
      {
        kind: 'package',
        value: new PackageURL(type, namespace, name, undefined, undefined, undefined).toString(),
      },
    ];
  }
  const path = namespace ? `${namespace}/${name}` : name;
  const registry = qualifiers?.['repository_url'] ?? '';
  // The purl type definition lets "repository_url" be the registry or the whole repository.
  const repository =
    registry === '' || `/${registry}`.endsWith(`/${path}`) ? registry || path : `${registry}/${path}`;
  const digest = version?.includes(':') ? version : undefined;
  return imageOf(repository, qualifiers?.['tag'] ?? (digest === undefined ? version : undefined), digest);
}

/** An image as a tool was given it; a digest in the name or in place of the tag is kept apart. */
export function imageOf(name: string, tag?: string | null, digest?: string): Identifier[] {
  const [line = '', inName] = name.split('@', 2);
  const repository = line.replace(/:[\w.-]+$/, '');
  const exact = digest ?? inName ?? (tag?.includes(':') ? tag : undefined);
  const tags = tag && /^[\w.-]+$/.test(tag) ? [`${line}:${tag}`] : [];
  return imageIdentifiers(line, tags, exact === undefined ? [] : [`${repository}@${exact}`]);
}

function purlOf(text: string): PackageURL | undefined {
  try {
    return PackageURL.fromString(text);
  } catch {
    return undefined;
  }
}
