/** Public lists of what is known of vulnerabilities. */
export const FEEDS = ['kev', 'epss', 'nvd', 'cve', 'cnvd', 'cnnvd'] as const;
export type FeedName = (typeof FEEDS)[number];

/** Each file of these is the whole list; of the others files are added, entry by entry. */
export const WHOLE_FEEDS: readonly FeedName[] = ['kev', 'epss'];

/**
 * After how many days without a newer version a feed is said to be stale, where nobody chose otherwise: KEV is
 * published as soon as something is listed and EPSS each day; the national databases each week.
 */
export const STALE_AFTER_DAYS: Readonly<Record<FeedName, number>> = {
  kev: 7,
  epss: 3,
  nvd: 7,
  cve: 7,
  cnvd: 14,
  cnnvd: 14,
};
