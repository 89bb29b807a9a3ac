import { walkJson } from '../json.ts';
import { textAt, valueAt } from '../json-value.ts';
import type { Reader } from '../reader.ts';
import { CycloneDxDocument } from './document.ts';

/**
 * CycloneDX JSON with vulnerabilities (a VEX, or what a package scanner found), 1.4 to 1.7.
 * What it can prove and why: COVERAGE.md section 1, row "CycloneDX VEX / OpenVEX / CSAF".
 */
export const cycloneDxReader: Reader = {
  format: 'cyclonedx',
  detect: (head) =>
    /^\s*\{/.test(head) &&
    /"bomFormat"\s*:\s*"CycloneDX"|"\$schema"\s*:\s*"https?:\/\/cyclonedx\.org\/schema\/bom/i.test(head),
  async *read(bytes) {
    const document = new CycloneDxDocument();
    try {
      const walk = walkJson(bytes, [...READ, ...PASSED_OVER]);
      for (;;) {
        const step = await walk.next();
        if (step.done === true) {
          const { document: rest, truncated, warnings } = step.value;
          document.timestamp(textAt(rest, 'metadata', 'timestamp'));
          document.subject(valueAt(rest, 'metadata', 'component'));
          yield [...warnings];
          yield* document.facts();
          return document.head(truncated);
        }
        for (const { keys, value, line } of step.value.elements) {
          if (keys[0] === 'vulnerabilities') yield document.vulnerability(value, line);
          else if (keys[0] !== undefined && READ.includes(`${keys[0]}`)) document.component(value);
        }
      }
    } finally {
      document.close();
    }
  },
};

const READ = ['components', 'services', 'vulnerabilities'];
/** Can be as long as the components; handed out to be dropped, so that they do not fill the memory. */
const PASSED_OVER = ['dependencies', 'compositions', 'annotations'];
