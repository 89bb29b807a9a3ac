import type { Fact } from '@backcheck/core';
import { type JsonElement, walkJson } from '../json.ts';
import { countAt, textAt, valueAt } from '../json-value.ts';
import type { Reader } from '../reader.ts';
import { cweIds } from '../weakness-ids.ts';
import { type RunInfo, WapitiReport } from './report.ts';

const PATHS = ['vulnerabilities.*', 'anomalies.*', 'additionals.*', 'infos.crawled_pages'];

/**
 * Wapiti's JSON (3.0 and later). What it can prove: COVERAGE.md section 1, row "Wapiti". The report lists every class,
 * also of modules that did not run, and is the same for a closed port; only the pages of a detailed report (-dr) say more.
 */
export const wapitiReader: Reader = {
  format: 'wapiti',
  detect: (head) => /^\s*\{/.test(head) && SIGNS.some((words) => words.every((word) => head.includes(word))),
  async *read(bytes) {
    const report = new WapitiReport();
    try {
      const walk = walkJson(bytes, PATHS);
      for (;;) {
        const step = await walk.next();
        if (step.done !== true) {
          for (const element of step.value.elements) add(report, element);
          continue;
        }
        const { document, truncated, warnings } = step.value;
        yield [...warnings, ...addClasses(report, valueAt(document, 'classifications'))];
        const run = runOf(valueAt(document, 'infos'));
        yield* report.facts(run, truncated);
        return report.head(run, truncated);
      }
    } finally {
      report.close();
    }
  },
};

/** The descriptions of the classes alone fill tens of thousands of characters, so the version may be far away. */
const SIGNS = [
  ['"version": "Wapiti '],
  ['"classifications"', '"sol"', '"ref"'],
  ['"http_request"', '"curl_command"'],
];

function add(report: WapitiReport, { keys, value, line }: JsonElement): void {
  if (keys[0] === 'infos') {
    report.addPage(textAt(value, 'request', 'url') ?? '', countAt(value, 'response', 'status_code'));
    return;
  }
  const [method, path, parameter, info, curl] = ['method', 'path', 'parameter', 'info', 'curl_command'].map(
    (key) => textAt(value, key),
  );
  const level = String(countAt(value, 'level') ?? '');
  report.addEntry({ category: String(keys[1] ?? ''), method, path, level, parameter, info, curl }, line);
}

function addClasses(report: WapitiReport, classes: unknown): Fact[] {
  if (typeof classes !== 'object' || classes === null) return [];
  return Object.entries(classes).flatMap(([category, one]) => {
    const references = valueAt(one, 'ref');
    const titles = typeof references === 'object' && references !== null ? Object.keys(references) : [];
    const [description, solution] = [textAt(one, 'desc'), textAt(one, 'sol')];
    return report.addClass(category, { cwe: cweIds(...titles), description, solution });
  });
}

function runOf(infos: unknown): RunInfo {
  const [target, version, date] = ['target', 'version', 'date'].map((key) => textAt(infos, key));
  const loggedIn = valueAt(infos, 'auth', 'logged_in') === true;
  return { target, version, date, loggedIn, pages: countAt(infos, 'crawled_pages_nbr') };
}
