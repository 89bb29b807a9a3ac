import { childrenOf, type Element, elemAt } from './element.ts';
import type { ScriptSays, ScriptVerdict } from './script-says.ts';
import { scoreSeverity } from './verdict-scripts.ts';

/**
 * vulners.nse: CVEs that a web service knows for the version in the banner. Its silence proves nothing: the
 * service may not have answered, and `mincvss` hides entries without a trace. So there is no coverage.
 */
export function readVulners(script: Element): ScriptSays {
  const rows = childrenOf(script, 'table').flatMap((table) => childrenOf(table, 'table'));
  const verdicts = rows.flatMap((row): ScriptVerdict[] => {
    const cve = elemAt(row, 'id') ?? '';
    if (elemAt(row, 'type') !== 'cve' || !/^CVE-\d{4}-\d{4,}$/.test(cve)) return [];
    const severity = scoreSeverity(Number(elemAt(row, 'cvss')));
    const title = `${cve} is known for the version in the banner`;
    return [{ place: cve, verdict: 'present', title, severity, cve: [cve], method: 'banner' }];
  });
  return { verdicts, answered: [] };
}
