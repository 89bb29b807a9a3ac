import type { Reader } from '../reader.ts';
import { walkXml } from '../xml.ts';
import { DependencyCheckReport } from './report.ts';

/**
 * OWASP Dependency-Check, `--format XML`. It lists every dependency that it saw, and does not say where it looked:
 * its silence makes a finding likely fixed, never closed. A suppressed vulnerability is there and takes the answer
 * away.
 */
export const dependencyCheckReader: Reader = {
  format: 'dependency-check',
  detect: (head) => /<analysis\s[^>]{0,500}\/dependency-check\.[\d.]+xsd/.test(head),
  async *read(bytes) {
    const report = new DependencyCheckReport();
    const truncated = yield* walkXml(bytes, report);
    yield report.visit();
    const { version, feed, reportedAt, broken } = report;
    return {
      tool: { name: 'dependency-check', version, feed },
      startedAt: reportedAt,
      finishedAt: reportedAt,
      complete: !broken && !truncated,
      truncated,
    };
  },
};
