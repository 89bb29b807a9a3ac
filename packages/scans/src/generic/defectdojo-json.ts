import type { Fact } from '@backcheck/core';
import { AgreedWords } from '../agreed-words.ts';
import { type JsonElement, walkJson } from '../json.ts';
import { listAt, textAt, valueAt, writtenAt } from '../json-value.ts';
import { LineSpool } from '../line-spool.ts';
import type { Reader, ScanHead } from '../reader.ts';
import { toolPrefix } from '../sarif/run.ts';
import { VisitLog } from '../visit-log.ts';
import { addressOf, type Finding, Findings, noteWords } from './defectdojo-finding.ts';

/**
 * DefectDojo's "Generic Findings Import" as JSON. Presences only: such a file says what somebody has found, never
 * where nothing was. The tool may be named behind the findings, so they wait in a spool.
 */
export const defectdojoJsonReader: Reader = {
  format: 'defectdojo-json',
  detect: looksGeneric,
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const spool = new LineSpool();
    const said = new AgreedWords();
    try {
      const walk = walkJson(bytes, ['findings']);
      for (;;) {
        const step = await walk.next();
        if (step.done !== true) {
          yield step.value.elements.flatMap((element) => keep(element, spool, said));
          continue;
        }
        const { document, truncated, warnings } = step.value;
        if (warnings.length > 0) yield [...warnings];
        const named = textAt(document, 'type') ?? textAt(document, 'name');
        const name = named === undefined ? 'generic' : toolPrefix(named);
        yield* facts(spool, name);
        yield said.explanations((check) => `${name}:${check}`);
        const version = textAt(document, 'version') ?? null;
        const tool = { name, version, feed: null };
        return { tool, startedAt: null, finishedAt: null, complete: !truncated, truncated };
      }
    } finally {
      spool.close();
    }
  },
};

/** The three keys that DefectDojo demands; the "findings" of other tools have other names for them. */
const DEMANDED = [/"title"\s*:/, /"severity"\s*:/, /"description"\s*:/];
/** Nothing found: the keys in front of an empty list are known. */
const EMPTY =
  /^\s*\{(?:\s*"(?:name|type|version|title|description|soc|static_tool|dynamic_tool)"\s*:\s*(?:"[^"]*"|true|false|null)\s*,)*\s*"findings"\s*:\s*\[\s*(?:\{\s*\}\s*)?\]/;

function looksGeneric(head: string): boolean {
  if (EMPTY.test(head)) return true;
  const start = /^\s*\{/.test(head) ? head.search(/"findings"\s*:\s*\[\s*\{/) : -1;
  return start >= 0 && DEMANDED.every((key) => key.test(head.slice(start)));
}

function* facts(spool: LineSpool, tool: string): Generator<Fact[]> {
  const visits = new VisitLog();
  const findings = new Findings(visits);
  for (const lines of spool.batches()) {
    yield lines.flatMap((line) => findings.presences(JSON.parse(line) as Finding, tool)); // written by `keep`
  }
  yield* visits.assets();
  yield findings.warnings();
}

function keep({ value, line }: JsonElement, spool: LineSpool, said: AgreedWords): Fact[] {
  const title = textAt(value, 'title')?.trim() ?? '';
  if (title === '')
    return [{ record: 'warning', code: 'BAD_RECORD', message: 'a finding without a title', line }];
  const text = (key: string): string => writtenAt(value, key).trim();
  const finding: Finding = {
    title,
    severity: text('severity'),
    rule: text('vuln_id_from_tool'),
    ids: [text('cve'), ...listAt(value, 'vulnerability_ids').map((one) => writtenAt(one))],
    weaknesses: [text('cwe'), ...listAt(value, 'cwes').map((one) => writtenAt(one))],
    vectors: [text('cvssv3'), text('cvssv4')],
    endpoints: listAt(value, 'endpoints').map(endpointText),
    file: text('file_path'),
    component: text('component_name'),
    param: text('param'),
    spot: text('unique_id_from_tool') || text('sast_source_object') || text('line'),
    mitigated: valueAt(value, 'is_mitigated') === true,
    line,
  };
  spool.add(JSON.stringify(finding));
  noteWords(said, finding, {
    description: text('description'),
    harm: text('impact'),
    advice: text('mitigation'),
  });
  return [];
}

function endpointText(endpoint: unknown): string {
  if (typeof endpoint === 'string') return endpoint.trim();
  const text = (key: string): string => writtenAt(endpoint, key).trim();
  const host = text('host');
  if (host === '') return '';
  return addressOf({ protocol: text('protocol'), host, port: text('port'), path: text('path') });
}
