import type { Identifier } from '@backcheck/core';

/**
 * A repository and, first where it is known, its branch: the clean state of one branch says nothing about another.
 * Without a trailing ".git" or "/" and without a password that a build left in the address.
 */
export function repositoryIdentifiers(address: string, branch: string | undefined): Identifier[] {
  const plain = withoutPassword(address.trim())
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  const name = branch?.replace(/^refs\/heads\//, '') ?? '';
  const values = name === '' ? [plain] : [`${plain}@${name}`, plain];
  return values.map((value) => ({ kind: 'repository', value }));
}

export function withoutPassword(address: string): string {
  return address.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
}
