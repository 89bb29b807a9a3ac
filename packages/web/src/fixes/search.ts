/** What the address of the list of measures says. */
export interface FixesSearch {
  readonly organizationId?: string;
  readonly done?: 'true';
}

const idOf = (search: Record<string, unknown>): string | undefined => {
  const { organizationId } = search;
  return typeof organizationId === 'string' && organizationId !== '' ? organizationId : undefined;
};

export function readFixesSearch(search: Record<string, unknown>): FixesSearch {
  const organizationId = idOf(search);
  return {
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(search['done'] === 'true' ? { done: 'true' } : {}),
  };
}

/** Without one: over all that the caller sees. */
export interface FixSearch {
  readonly organizationId?: string;
}

export function readFixSearch(search: Record<string, unknown>): FixSearch {
  const organizationId = idOf(search);
  return organizationId === undefined ? {} : { organizationId };
}
