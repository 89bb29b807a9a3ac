export const SECTIONS = [
  'overview',
  'systems',
  'assets',
  'contacts',
  'claims',
  'key-lists',
  'changes',
] as const;
export type Section = (typeof SECTIONS)[number];

/** What the address of the screens of organizations holds; the node is in its path. */
export interface OrganizationSearch {
  /** Part of a name or a code. */
  readonly q?: string;
  /** Left out: the overview. */
  readonly section?: Section;
}

/** Reads an address that anyone may have typed: what is not understood is left out. */
export function readOrganizationSearch(search: Readonly<Record<string, unknown>>): OrganizationSearch {
  const q = typeof search['q'] === 'string' ? search['q'].trim().slice(0, 100) : '';
  const section = SECTIONS.find((one) => one === search['section']);
  return {
    ...(q === '' ? {} : { q }),
    ...(section === undefined || section === 'overview' ? {} : { section }),
  };
}
