import type { AssetRecord, Fact, Identifier, Instant } from '@backcheck/core';
import { AgreedWords } from '../agreed-words.ts';
import { HeldRows } from '../held-rows.ts';
import { listAt, textAt } from '../json-value.ts';
import { purlLocus } from '../package-locus.ts';
import { imageOf, productIdentifiers } from '../product-identifier.ts';
import type { ScanHead } from '../reader.ts';
import { factOfClaim } from '../vex-claim.ts';
import { zonedInstant } from '../zoned-instant.ts';
import { distill, type Vulnerability, wordsOf } from './vulnerability.ts';

const ASSET = 'a1';

/**
 * One CycloneDX document while it is read. Components may stand behind the vulnerabilities that point to them, so
 * these wait until the end. All values have the shape of the JSON format.
 */
export class CycloneDxDocument {
  readonly #held = new HeldRows<Vulnerability>();
  readonly #said = new AgreedWords();
  readonly #loci = new Map<string, string>();
  #subject: unknown;
  #at: Instant | null = null;

  subject(component: unknown): void {
    this.#subject = component;
    for (const part of listAt(component, 'components')) this.component(part);
  }

  timestamp(text: string | undefined): void {
    this.#at = zonedInstant(text);
  }

  /** A component or service, with those inside it. */
  component(component: unknown): void {
    const ref = textAt(component, 'bom-ref');
    const locus = locusOf(component);
    // Most references are purls themselves; a map of all would hold the whole document.
    if (ref !== undefined && locus !== purlLocus('', ref)) this.#loci.set(ref, locus);
    for (const list of ['components', 'services']) {
      for (const part of listAt(component, list)) this.component(part);
    }
  }

  vulnerability(value: unknown, line: number): Fact[] {
    const vulnerability = distill(value, line);
    if (vulnerability !== null) {
      this.#held.add(vulnerability);
      const words = wordsOf(value, vulnerability);
      if (words !== null) this.#said.add(checkOf(vulnerability), words);
      return [];
    }
    const message = 'a vulnerability without an id was left out';
    return [{ record: 'warning', code: 'BAD_RECORD', message, line }];
  }

  *facts(): Generator<Fact[]> {
    yield [this.#asset()];
    for (const rows of this.#held.batches()) yield rows.flatMap((row) => this.#claims(row));
    yield this.#said.explanations();
  }

  head(truncated: boolean): ScanHead {
    const tool = { name: 'cyclonedx', version: null, feed: null };
    return { tool, startedAt: this.#at, finishedAt: this.#at, complete: !truncated, truncated };
  }

  close(): void {
    this.#held.close();
  }

  #asset(): AssetRecord {
    const times = { startedAt: this.#at, finishedAt: this.#at };
    const identifiers = subjectIdentifiers(this.#subject);
    return { record: 'asset', id: ASSET, identifiers, reached: true, ...times, credential: 'none' };
  }

  #claims(vulnerability: Vulnerability): Fact[] {
    const { id: _, affects, ...about } = vulnerability;
    const targets = affects.length > 0 ? affects : [{ ref: '', stance: about.stance }];
    return targets.map(({ ref, stance }) =>
      factOfClaim({
        ...about,
        asset: ASSET,
        check: checkOf(vulnerability),
        locus: this.#locusOf(ref),
        stance,
        at: this.#at,
      }),
    );
  }

  /** A reference is a `bom-ref` of this document or a BOM-Link "urn:cdx:SERIAL/VERSION#bom-ref" into another. */
  #locusOf(link: string): string {
    const ref = decoded(/^urn:cdx:[^#]*#(.*)$/s.exec(link)?.[1]) ?? link;
    if (ref === '' || ref === textAt(this.#subject, 'bom-ref')) return '';
    return this.#loci.get(ref) ?? purlLocus('', ref) ?? `#${ref}`;
  }
}

const checkOf = ({ id }: Vulnerability): string => `cyclonedx:${id}`;

function locusOf(component: unknown): string {
  return purlLocus('', textAt(component, 'purl') ?? '') ?? `#${nameOf(component)}`;
}

function nameOf(component: unknown): string {
  return [textAt(component, 'group'), textAt(component, 'name')].filter(Boolean).join('/');
}

/** What the document is about, `metadata.component`; version and digest change from build to build. */
function subjectIdentifiers(component: unknown): Identifier[] {
  const [purl, name, type] = ['purl', 'name', 'type'].map((key) => textAt(component, key)?.trim() ?? '');
  const products = productIdentifiers(purl ?? '');
  if (type === 'container' && name) return [...imageOf(name, textAt(component, 'version')), ...products];
  if (products.length > 0) return products;
  if (type === 'file' && name) return [{ kind: 'file', value: name }];
  return [{ kind: 'package', value: nameOf(component) || 'unnamed:cyclonedx' }];
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return text;
  }
}
