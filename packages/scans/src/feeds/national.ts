import type { Fact } from '@backcheck/core';
import { cveIds } from '../weakness-ids.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { zonedInstant } from '../zoned-instant.ts';
import type { FeedHead, FeedWalk, NationalEntry } from './feed-entry.ts';
import { flaw, refuseDamage } from './feed-flaw.ts';
import { Ids, isDay, shortText } from './feed-values.ts';

/** How one national database writes its export. */
interface Dialect {
  readonly id: RegExp;
  readonly what: string;
  /** Elements that are an entry. */
  readonly entries: readonly string[];
  /** Which elements of an entry hold what; CVEs are taken from all of them. */
  readonly names: Readonly<Record<string, keyof Draft>>;
  /** Of these names: what is taken only where no other one says it. */
  readonly second: readonly string[];
  /** Attribute of the root with the day of the export. */
  readonly dayOfExport: readonly string[];
}

interface Draft {
  id: string;
  cve: string;
  title: string;
  severity: string;
  publishedOn: string;
}

/** The shared weekly XML: `<vulnerabilitys><vulnerability><number>CNVD-…`; "serverity" is its own spelling. */
const CNVD: Dialect = {
  id: /^CNVD-(C-)?\d{4}-\d{4,10}$/,
  what: 'CNVD',
  entries: ['vulnerability'],
  names: {
    number: 'id',
    cveNumber: 'cve',
    title: 'title',
    severity: 'severity',
    serverity: 'severity',
    submitTime: 'publishedOn',
    openTime: 'publishedOn',
  },
  second: ['submitTime'],
  dayOfExport: [],
};

/** The monthly and yearly XML in its old form (`<entry><vuln-id>`) and its new one (`<cnnvd_items><cnnvd_id>`). */
const CNNVD: Dialect = {
  id: /^CNNVD-\d{6}-\d{3,8}$/,
  what: 'CNNVD',
  entries: ['entry', 'cnnvd_items'],
  names: {
    'vuln-id': 'id',
    cnnvd_id: 'id',
    'cve-id': 'cve',
    cve_id: 'cve',
    name: 'title',
    severity: 'severity',
    technicalseverity: 'severity',
    overallseverity: 'severity',
    published: 'publishedOn',
  },
  second: ['technicalseverity'],
  dayOfExport: ['pub_date', 'date'],
};

export const walkCnvd = (bytes: AsyncIterable<Uint8Array>): FeedWalk<NationalEntry> =>
  walkNational(bytes, CNVD);
export const walkCnnvd = (bytes: AsyncIterable<Uint8Array>): FeedWalk<NationalEntry> =>
  walkNational(bytes, CNNVD);

async function* walkNational(bytes: AsyncIterable<Uint8Array>, dialect: Dialect): FeedWalk<NationalEntry> {
  const walker = new Walker(dialect);
  for await (const facts of walkXml(bytes, walker)) {
    refuseDamage(
      facts.filter((fact) => fact.record === 'warning').filter(({ code }) => code !== WAITING.code),
    );
    yield walker.take();
  }
  yield walker.take();
  if (walker.entries === 0)
    throw flaw(
      undefined,
      `文件中没有 ${dialect.what} 条目`,
      `there are no entries of ${dialect.what} in the file`,
    );
  return walker.head;
}

/** Makes the walk hand over in between: it yields only where there are facts, and entries are none. */
const WAITING = { record: 'warning', code: 'ENTRIES', message: '' } as const satisfies Fact;

class Walker implements XmlWalker {
  head: FeedHead = { version: null, publishedAt: null };
  readonly #dialect: Dialect;
  readonly #ids = new Ids();
  #ready: NationalEntry[] = [];
  #draft: Draft | undefined;
  #atRoot = true;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  get entries(): number {
    return this.#ids.size;
  }

  take(): NationalEntry[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  open(name: string, attributes: XmlAttributes): boolean {
    if (this.#atRoot) this.#readRoot(attributes);
    this.#atRoot = false;
    if (this.#dialect.entries.includes(name))
      this.#draft = { id: '', cve: '', title: '', severity: '', publishedOn: '' };
    return this.#draft !== undefined && Object.hasOwn(this.#dialect.names, name);
  }

  close(name: string, text: string, line: number): void {
    const draft = this.#draft;
    if (draft === undefined) return;
    if (this.#dialect.entries.includes(name)) {
      this.#draft = undefined;
      this.#ready.push(this.#entryOf(draft, line));
      return;
    }
    const field = this.#dialect.names[name];
    const said = text.trim();
    if (field === undefined || said === '') return;
    if (field === 'cve') draft.cve += ` ${said}`;
    else if (draft[field] === '' || !this.#dialect.second.includes(name)) draft[field] = said;
  }

  drain(): Fact[] {
    return this.#ready.length > 0 ? [WAITING] : [];
  }

  #readRoot(attributes: XmlAttributes): void {
    const day = this.#dialect.dayOfExport.map((name) => attributes[name] ?? '').find(isDay);
    if (day !== undefined) this.head = { version: day, publishedAt: zonedInstant(`${day}T00:00:00Z`) };
  }

  #entryOf({ id, cve, title, severity, publishedOn }: Draft, line: number): NationalEntry {
    if (!this.#dialect.id.test(id))
      throw flaw(
        line,
        `${this.#dialect.what} 编号不正确：“${id}”`,
        `not an id of ${this.#dialect.what}: "${id}"`,
      );
    this.#ids.add(line, id);
    const day = publishedOn.slice(0, 10).replaceAll('/', '-');
    return {
      id,
      cve: cveIds(cve),
      title: shortText(title),
      severity: shortText(severity, 20),
      publishedOn: isDay(day) ? day : null,
    };
  }
}
