import type { ExplanationRecord, ObservationRecord, Severity } from '@backcheck/core';
import { Explanations } from '../explanation.ts';
import { severityOfScore } from '../severity.ts';
import { cveIds, cweIds } from '../weakness-ids.ts';
import type { XmlAttributes } from '../xml.ts';
import { DefinitionWords } from './definition-words.ts';
import type { TestRow } from './node.ts';

interface Definition {
  readonly check: string;
  readonly title: string;
  readonly severity: Severity;
  readonly cve: string[];
  readonly cwe: string[];
  readonly cvss: readonly string[];
}

/** More than Rapid7 has checks; a check beyond it keeps its id as title. */
const MAX_DEFINITIONS = 200_000;
const MAX_TITLE = 300;
const MAX_REFERENCES = 200;

/** What `<VulnerabilityDefinitions>` says about the tests: title, severity, references, and what they mean. */
export class Definitions {
  readonly #byId = new Map<string, Definition>();
  readonly #explanations = new Explanations();
  #last: Definition | undefined;
  #words = new DefinitionWords();

  /** True when the text of this element is wanted. */
  open(name: string, attributes: XmlAttributes): boolean {
    if (name === 'vulnerability') {
      this.#last = this.#define(attributes);
      this.#words = new DefinitionWords();
    }
    if (this.#words.open(name, attributes)) return true;
    return name === 'reference' && ['CVE', 'CWE'].includes(attributes['source'] ?? '');
  }

  /** Gives what explains a check where its definition ends. */
  close(name: string, text: string): ExplanationRecord[] {
    this.#words.close(name, text);
    if (this.#last === undefined) return [];
    const { check, cve, cwe } = this.#last;
    if (name === 'vulnerability') return this.#explanations.of(check, () => this.#words);
    if (name !== 'reference') return [];
    if (cve.length < MAX_REFERENCES) cve.push(...cveIds(text));
    if (cwe.length < MAX_REFERENCES) cwe.push(...cweIds(text));
    return [];
  }

  observation({ asset, transport, port, id, key, verdict, method }: TestRow): ObservationRecord {
    const known = this.#byId.get(id);
    return {
      record: 'observation',
      asset,
      transport,
      port,
      check: `rapid7:${id}`,
      locus: key,
      verdict,
      title: known?.title ?? id,
      severity: verdict === 'present' ? (known?.severity ?? 'info') : 'info',
      cve: known?.cve ?? [],
      cwe: known?.cwe ?? [],
      cvss: known?.cvss ?? [],
      at: null,
      ...(method === 'remote' ? {} : { method }),
    };
  }

  #define(attributes: XmlAttributes): Definition | undefined {
    const id = attributes['id']?.toLowerCase();
    if (id === undefined || this.#byId.size >= MAX_DEFINITIONS) return undefined;
    const vectors = [attributes['cvssVector'], attributes['cvssV3Vector']];
    const definition = {
      check: `rapid7:${id}`,
      title: (attributes['title'] ?? id).slice(0, MAX_TITLE),
      // 1 to 10; Rapid7 rounds it from the CVSS score.
      severity: severityOfScore(Number(attributes['severity'])),
      cve: [],
      cwe: [],
      // "(AV:N/AC:L/…)": FIRST writes vectors without brackets.
      cvss: vectors.flatMap((one) => (one ? [one.replace(/^\(|\)$/g, '')] : [])),
    };
    this.#byId.set(id, definition);
    return definition;
  }
}
