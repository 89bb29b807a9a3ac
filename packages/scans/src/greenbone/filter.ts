/** What the filter of a report may have hidden (COVERAGE.md section 1, row "Greenbone/OpenVAS XML"). */
export interface ReportFilter {
  /** `findings`: by level, override or a term that is not known here; `informational`: level "log" alone. */
  readonly hides: 'nothing' | 'informational' | 'findings';
  /** Results below this quality of detection are missing; null where the file does not say. */
  readonly minQod: number | null;
}

/** Terms that choose order, side information or page, not results. */
const NEUTRAL =
  /^(?:first|rows|sort|sort-reverse|notes|overrides|timezone|delta_states|result_hosts_only|min_qod|levels)=/;

/** Reads `filters/term`: "apply_overrides=0 levels=hmlg rows=-1 min_qod=0 first=1 sort-reverse=severity". */
export function parseFilter(term: string): ReportFilter {
  const terms = term.trim().split(/\s+/);
  const qod = /(?:^|\s)min_qod=(\d{1,3})(?:\s|$)/.exec(term)?.[1];
  const minQod = qod === undefined ? null : Number(qod);
  // gvmd shows all levels where the filter names none.
  const levels = terms.find((one) => one.startsWith('levels='))?.slice('levels='.length) ?? 'hmlg';
  const shows = (...some: readonly string[]): boolean => some.every((level) => levels.includes(level));
  const asTested = terms.includes('apply_overrides=0');
  const known = terms.every((one) => one === 'apply_overrides=0' || NEUTRAL.test(one));
  if (!asTested || !known || !shows('h', 'm', 'l')) return { hides: 'findings', minQod };
  return { hides: shows('g') ? 'nothing' : 'informational', minQod };
}
