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
  const named = (name: string): string[] =>
    terms.flatMap((one) => (one.startsWith(`${name}=`) ? [one.slice(name.length + 1)] : []));
  // Of a term that stands there twice the stricter one counts.
  const qods = named('min_qod').map((value) => (/^\d{1,3}$/.test(value) ? Number(value) : Number.NaN));
  const minQod = qods.length === 0 || qods.includes(Number.NaN) ? null : Math.max(...qods);
  // gvmd shows all levels where the filter names none.
  const shows = (...some: readonly string[]): boolean =>
    named('levels').every((levels) => some.every((level) => levels.includes(level)));
  const asTested = terms.includes('apply_overrides=0');
  const known = terms.every((one) => one === 'apply_overrides=0' || NEUTRAL.test(one));
  if (!asTested || !known || !shows('h', 'm', 'l')) return { hides: 'findings', minQod };
  return { hides: shows('g') ? 'nothing' : 'informational', minQod };
}
