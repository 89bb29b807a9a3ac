import type { AssetRecord, CoverageRecord, Fact, Instant } from '@backcheck/core';
import { Explanations } from '../explanation.ts';
import { packageLocus, purlLocus } from '../package-locus.ts';
import type { XmlAttributes, XmlWalker } from '../xml.ts';
import { zonedInstant } from '../zoned-instant.ts';
import { weaknessOf } from './vulnerability.ts';

const PLACE = { asset: 'a1', transport: 'none', method: 'local' } as const;

/** Parents whose children are read, and the children where not all are. */
const READ: ReadonlyMap<string, readonly string[] | 'all'> = new Map(
  Object.entries({
    scanInfo: ['engineVersion'],
    dataSource: 'all',
    projectInfo: ['name', 'groupID', 'artifactID', 'reportDate'],
    dependency: ['fileName'],
    package: ['id'],
    vulnerability: ['name', 'severity', 'cvssScore', 'cwe', 'description'],
    cwes: ['cwe'],
    cvssV2: 'all',
    cvssV3: 'all',
    cvssV4: ['vectorString'],
  } as const),
);

/** The elements of core/src/main/resources/templates/xmlReport.vsl of Dependency-Check, versions 1.3 to 12. */
export class DependencyCheckReport implements XmlWalker {
  version: string | null = null;
  /** When the NVD data was last changed, as the file writes it. */
  feed: string | null = null;
  reportedAt: Instant | null = null;
  /** An analyzer failed, or a record could not be used. */
  broken = false;
  #facts: Fact[] = [];
  readonly #explanations = new Explanations();
  readonly #stack: string[] = [];
  readonly #project = new Map<string, string>();
  #source = '';
  #file = '';
  #purl = '';
  #texts = new Map<string, string>();
  #cwe: string[] = [];

  open(name: string, _attributes: XmlAttributes): boolean {
    const parent = this.#parent;
    this.#stack.push(name === 'suppressedVulnerability' ? 'vulnerability' : name);
    if (name === 'analysisExceptions') this.broken = true;
    if (name === 'dependency') this.#file = this.#purl = '';
    if (name === 'vulnerability' || name === 'suppressedVulnerability') {
      this.#texts = new Map();
      this.#cwe = [];
    }
    const wanted = READ.get(parent);
    return wanted === 'all' || wanted?.includes(name) === true;
  }

  close(name: string, raw: string, line: number): void {
    this.#stack.pop();
    const [parent, text] = [this.#parent, raw.trim()];
    if (name === 'vulnerability' || name === 'suppressedVulnerability') this.#weakness(name, line);
    else if (text !== '') this.#keep(parent, name, text);
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  /** The project and what its silence is worth; when all was read. */
  visit(): [AssetRecord, CoverageRecord] {
    const names = ['groupID', 'artifactID'].map((key) => this.#project.get(key));
    const coordinates = names.includes(undefined) ? undefined : names.join(':');
    const value = coordinates ?? this.#project.get('name') ?? 'unnamed:dependency-check';
    const asset: AssetRecord = {
      record: 'asset',
      id: 'a1',
      identifiers: [{ kind: 'repository', value }],
      reached: true,
      startedAt: this.reportedAt,
      finishedAt: this.reportedAt,
      credential: 'none',
      ...(this.broken ? { reason: 'INCOMPLETE' } : {}),
    };
    // Every dependency is listed, but not which folders were searched nor which analyzers were switched on.
    const silence = { evidence: 'E1', assumptions: ['A-analyzers', 'A-src'], checks: { all: true } } as const;
    return [asset, { record: 'coverage', ...PLACE, ports: '0', ...silence }];
  }

  get #parent(): string {
    return this.#stack.at(-1) ?? '';
  }

  #keep(parent: string, name: string, text: string): void {
    if (parent === 'vulnerability' || parent.startsWith('cvssV')) this.#texts.set(`${parent}/${name}`, text);
    if (name === 'cwe') this.#cwe.push(text);
    else if (parent === 'dependency') this.#file = text;
    else if (parent === 'package' && !this.#stack.includes('relatedDependency')) this.#purl ||= text;
    else if (parent === 'projectInfo') {
      this.#project.set(name, text);
      if (name === 'reportDate') this.reportedAt = zonedInstant(text);
    } else if (parent === 'scanInfo') this.version = text;
    else if (parent === 'dataSource' && name === 'name') this.#source = text;
    else if (parent === 'dataSource' && /^NVD.*Modified/i.test(this.#source)) this.feed = text;
  }

  /** The path and the name of a file have the version in them; the package has not. */
  #weakness(name: string, line: number): void {
    const weakness = weaknessOf({ one: this.#texts, cwe: this.#cwe }, this.#file);
    if (weakness === undefined) {
      this.broken = true;
      this.#facts.push({
        record: 'warning',
        code: 'BAD_RECORD',
        message: 'a vulnerability has no name',
        line,
      });
      return;
    }
    const locus = purlLocus('', this.#purl) ?? packageLocus('', { type: 'generic', name: this.#file });
    if (name === 'suppressedVulnerability') {
      const veto = { evidence: 'E0', assumptions: [], reason: 'FILTERED_REPORT' } as const;
      const where = { checks: { ids: [weakness.check] }, within: [locus] };
      this.#facts.push({ record: 'coverage', ...PLACE, ports: '0', ...where, ...veto });
    } else {
      const seen = { record: 'observation', ...PLACE, port: 0, verdict: 'present', at: null } as const;
      this.#facts.push({ ...seen, locus, ...weakness });
      const description = this.#texts.get('vulnerability/description') ?? '';
      this.#facts.push(...this.#explanations.of(weakness.check, () => ({ description })));
    }
  }
}
