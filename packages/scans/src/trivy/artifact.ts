import type { Identifier } from '@backcheck/core';
import { imageIdentifiers, isImageNamed } from '../image-line.ts';
import { listAt, textAt } from '../json-value.ts';
import { repositoryIdentifiers, withoutPassword } from '../repository-line.ts';

/**
 * Why the artifact may be another one of the same name. Only an image by its reference, and a branch of a repository,
 * are the same wherever Trivy ran: "/src" is another folder on every machine and in every container. A list of packages
 * that somebody else wrote may be older than the day on which it was scanned.
 */
export function doubtsAbout(document: unknown): string[] {
  const type = textAt(document, 'ArtifactType') ?? '';
  const named = type === 'container_image' ? isImageNamed(...imageNames(document)) : isBranchNamed(document);
  return [...(named ? [] : ['A-src']), ...(/^(cyclonedx|spdx)$/.test(type) ? ['A-sbom'] : [])];
}

/** Trivy writes both also for a folder that is the root of a checkout. */
function isBranchNamed(document: unknown): boolean {
  return ['RepoURL', 'Branch'].every((key) => (textAt(document, 'Metadata', key) ?? '') !== '');
}

export function artifactIdentifiers(document: unknown): Identifier[] {
  const type = textAt(document, 'ArtifactType');
  if (type === 'container_image') return imageIdentifiers(...imageNames(document));
  const repository = textAt(document, 'Metadata', 'RepoURL');
  if (repository !== undefined)
    return repositoryIdentifiers(repository, textAt(document, 'Metadata', 'Branch'));
  const kind = type === 'repository' ? 'repository' : 'file';
  return [{ kind, value: withoutPassword(textAt(document, 'ArtifactName') ?? '') || 'unnamed:trivy' }];
}

function imageNames(document: unknown): [name: string, tags: string[], digests: string[]] {
  const texts = (key: string) => listAt(document, 'Metadata', key).filter((one) => typeof one === 'string');
  return [textAt(document, 'ArtifactName') ?? '', texts('RepoTags'), texts('RepoDigests')];
}
