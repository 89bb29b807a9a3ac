import type { Permission } from '@backcheck/core';
import type { Tx } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { scopeOf } from '../platform/access/guard.ts';
import { Problem } from '../platform/problem.ts';

/** A part of an answer that not everybody may read who may read the rest. */
interface Part<T> {
  readonly permission: Permission;
  readonly read: (tx: Tx) => Promise<T>;
}

export const part = <T>(permission: Permission, read: (tx: Tx) => Promise<T>): Part<T> => ({
  permission,
  read,
});

type Read<P> = { readonly [K in keyof P]: P[K] extends Part<infer T> ? T | null : never };

/**
 * Reads each part under the grants that allow it; null: none does. Parts that the same grants allow share a transaction,
 * which for most people is one for all, and the same read is done once in it.
 */
export async function readParts<P extends Readonly<Record<string, Part<unknown>>>>(
  request: FastifyRequest,
  parts: P,
): Promise<Read<P>> {
  const results: Record<string, unknown> = {};
  const groups = Map.groupBy(Object.entries(parts), ([, { permission }]) => grantsFor(request, permission));
  for (const [grants, members] of groups) {
    const [first] = members;
    if (grants === null || first === undefined) {
      for (const [name] of members) results[name] = null;
      continue;
    }
    await request.inScopeOf(first[1].permission, async (tx) => {
      const done = new Map<unknown, unknown>();
      for (const [name, { read }] of members) {
        if (!done.has(read)) done.set(read, await read(tx));
        results[name] = done.get(read);
      }
    });
  }
  // Every name of `parts` was given what its own `read` returned.
  return results as Read<P>;
}

function grantsFor(request: FastifyRequest, permission: Permission): string | null {
  try {
    return scopeOf(request, permission).grants.join();
  } catch (error) {
    if (error instanceof Problem && error.code === 'FORBIDDEN') return null;
    throw error;
  }
}
