import type { Permission } from '@backcheck/core';
import type { InjectOptions } from 'fastify';
import type { Victim } from './victim.ts';

/** One operation of the OpenAPI document. */
export interface Operation {
  /** "GET /api/v1/findings/{id}" */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly access: 'anyone' | 'self' | Permission | undefined;
  /** It names something by the id in its path: a stranger must be told that it is not there. */
  readonly byId: boolean;
  readonly hasBody: boolean;
  readonly hasOrganization: boolean;
}

interface Described {
  readonly requestBody?: unknown;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly 'x-backcheck-access'?: Operation['access'];
}

/** Those below /api. */
export function operationsOf(document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}): Operation[] {
  return Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/api/'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        access: described['x-backcheck-access'],
        byId: path.includes('{'),
        hasBody: described.requestBody !== undefined,
        hasOrganization: described.parameters?.some(({ name }) => name === 'organizationId') === true,
      })),
    );
}

/**
 * The request that would reach the victim. Null: nobody has said which id or body that is. An operation without either
 * needs no saying; one with a query for an organization gets the victim's.
 */
export function targetOf(operation: Operation, victim: Victim): InjectOptions | null {
  const told = victim.attacks[operation.name];
  if (told === undefined && (operation.byId || operation.hasBody)) return null;
  const path = told?.path ?? operation.path;
  const query = operation.hasOrganization ? `?organizationId=${victim.organizationId}` : '';
  return {
    method: operation.method as 'GET',
    url: path + (told?.query ?? query),
    ...(told?.payload === undefined ? {} : { payload: told.payload }),
    ...(told?.headers === undefined ? {} : { headers: told.headers }),
  };
}

/** It answers everybody the same, although its path holds a name. */
export const isShared = ({ name }: Operation, victim: Victim): boolean =>
  victim.attacks[name]?.shared === true;

/** Everybody in the victim's organization may do it. */
export const isInside = ({ name }: Operation, victim: Victim): boolean =>
  victim.attacks[name]?.inside === true;
