import type { Fact } from '@backcheck/core';
import { AgreedWords } from '../agreed-words.ts';
import { type Cell, type CsvRow, columnsOf, headerNames, walkCsv } from '../csv.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { VisitLog } from '../visit-log.ts';
import { type Finding, Findings, noteWords } from './defectdojo-finding.ts';

/** DefectDojo demands the first four; at least one of the others tells its format from a list made by hand. */
const COLUMNS = ['date', 'title', 'severity', 'description'];
const OTHERS = [
  'cweid',
  'url',
  'mitigation',
  'impact',
  'active',
  'verified',
  'falsepositive',
  'vulnerability id',
];

/** DefectDojo's "Generic Findings Import" as CSV: presences only, of a tool that has no name. */
export const defectdojoCsvReader: Reader = {
  format: 'defectdojo-csv',
  detect: (head) => {
    const names = headerNames(head);
    return COLUMNS.every((name) => names.includes(name)) && OTHERS.some((name) => names.includes(name));
  },
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const visits = new VisitLog();
    const findings = new Findings(visits);
    const said = new AgreedWords();
    const walk = walkCsv(bytes);
    let cell: Cell | undefined;
    for (;;) {
      const step = await walk.next();
      if (step.done === true) {
        const { truncated, warnings } = step.value;
        yield* visits.assets();
        yield said.explanations((check) => `generic:${check}`);
        yield [...findings.warnings(), ...warnings];
        const tool = { name: 'generic', version: null, feed: null };
        return { tool, startedAt: null, finishedAt: null, complete: !truncated, truncated };
      }
      const facts: Fact[] = [];
      for (const row of step.value) {
        if (cell === undefined) cell = columnsOf(row);
        else facts.push(...rowFacts(cell, row, { findings, said }));
      }
      yield facts;
    }
  },
};

interface Gathered {
  readonly findings: Findings;
  readonly said: AgreedWords;
}

function rowFacts(cell: Cell, row: CsvRow, { findings, said }: Gathered): Fact[] {
  const title = cell(row, 'Title');
  const { line } = row;
  if (title === '')
    return [{ record: 'warning', code: 'BAD_RECORD', message: 'a row without a title', line }];
  const url = cell(row, 'Url');
  const finding: Finding = {
    title,
    severity: cell(row, 'Severity'),
    rule: '',
    ids: [cell(row, 'CVE'), cell(row, 'Vulnerability Id')],
    weaknesses: [cell(row, 'CweId'), ...cell(row, 'CweIds').split(/[\s,;]+/)],
    vectors: [cell(row, 'CVSSV3'), cell(row, 'CVSSV4')],
    endpoints: url === '' ? [] : [url],
    file: '',
    component: '',
    param: '',
    spot: '',
    mitigated: /^t/i.test(cell(row, 'IsMitigated')),
    line,
  };
  noteWords(said, finding, {
    description: cell(row, 'Description'),
    harm: cell(row, 'Impact'),
    advice: cell(row, 'Mitigation'),
  });
  return findings.presences(finding, 'generic');
}
