/** Some of what an address says, otherwise; undefined: no longer. */
export type Changes<Search> = { readonly [Key in keyof Search]: Search[Key] | undefined };

/** What the address of a list says when some of it was chosen otherwise; what filters nothing is not in it. */
export const changedSearch = <Search extends object>(search: Search, changes: Changes<Search>): Search =>
  Object.fromEntries(
    Object.entries({ ...search, ...changes }).filter(([, value]) => value !== undefined && value !== ''),
  ) as Search;
