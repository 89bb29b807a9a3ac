/** What the address of the screens about assets holds; names are those of the API. */
export interface AssetSearch {
  readonly organizationId?: string;
  /** Part of an identifier. */
  readonly q?: string;
  /** Answered questions instead of the open ones. */
  readonly state?: 'resolved';
}

/** Reads an address that anyone may have typed: what is not understood is left out. */
export function readAssetSearch(search: Readonly<Record<string, unknown>>): AssetSearch {
  const { organizationId, q, state } = search;
  const text = typeof q === 'string' ? q.trim().slice(0, 200) : '';
  return {
    ...(typeof organizationId === 'string' && /^[1-9][0-9]{0,8}$/.test(organizationId)
      ? { organizationId }
      : {}),
    ...(text === '' ? {} : { q: text }),
    ...(state === 'resolved' ? { state } : {}),
  };
}
