import type { Permission } from '@backcheck/core';

/**
 * What an operation asks of its caller. `anyone`: nobody needs to be signed in. `self`: any account, for what is its
 * own. `runner`: no person at all, but a registered runner by its key. Otherwise a permission: one of the caller's
 * grants must allow it, and the request works under those grants.
 */
export type AccessRule = 'anyone' | 'self' | 'runner' | Permission;

/** What an API key may do; it never may more than its account. */
export const KEY_SCOPES = ['read', 'import', 'all'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** `read` looks and exports; `import` sends scans, and finds out where to and what became of them. */
export function keyMay(scope: KeyScope, rule: AccessRule): boolean {
  if (rule === 'runner') return false;
  if (scope === 'all' || typeof rule === 'string') return scope === 'all' || rule === 'anyone';
  const looks = rule.action === 'read' || rule.action === 'export';
  if (scope === 'read') return looks;
  return rule.object === 'import' || (rule.object === 'organization' && rule.action === 'read');
}
