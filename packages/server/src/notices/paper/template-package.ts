import { Zip } from 'easy-template-x';
import { Problem } from '../../platform/problem.ts';
import { Refused } from '../../registers/spreadsheet/spreadsheet.ts';
import { walkPart } from '../../registers/spreadsheet/xlsx-parts.ts';
import { ZipParts } from '../../registers/spreadsheet/zip-parts.ts';

/** An office's letter has some dozens of parts and far less than a megabyte of text. */
const MOST_BYTES = 32 * 1024 ** 2;
const MOST_PARTS = 1000;
const MOST_XML_BYTES = 8 * 1024 ** 2;
const MOST_ELEMENTS = 200_000;

const DOCUMENT = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
const IS_XML = /\.(xml|rels|vml)$/i;
/** In no encoding is this much of a text without its first mark. */
const BEGINNING = 64;

/** By its name, or by what is in it: what a part is stands in a list, and its name may end in anything. */
const isMarkup = (part: string, content: Buffer): boolean =>
  IS_XML.test(part) ||
  asciiOf(content.subarray(0, BEGINNING))
    .replace(/^(\xEF\xBB\xBF|\xFF\xFE|\xFE\xFF)/, '')
    .trimStart()
    .startsWith('<');

/** What is ASCII in it, in UTF-8 as in UTF-16. */
const asciiOf = (content: Buffer): string => content.toString('latin1').replaceAll('\0', '');

/** What the parts of a document say of it, part by part. */
export interface PackageFacts {
  readonly names: readonly string[];
  readonly contentTypes: readonly string[];
  readonly relations: readonly {
    readonly part: string;
    readonly type: string;
    readonly target: string;
    readonly external: boolean;
  }[];
  /** Of all its markup. */
  readonly elements: number;
  /** Instructions of fields (ECMA-376 part 1, 17.16), each begun anew. */
  readonly fields: readonly { readonly part: string; readonly instruction: string }[];
}

/**
 * Reads every part of a DOCX once, within bounds, so that what opens it afterwards meets no surprise.
 * Throws Problem NOTICE_TEMPLATE_UNREADABLE or NOTICE_TEMPLATE_TOO_LARGE.
 */
export async function openPackage(bytes: Buffer): Promise<PackageFacts> {
  const { zip, names } = await openZip(bytes);
  const found: Found = { contentTypes: [], relations: [], fields: [], elements: 0 };
  let [total, xml] = [0, 0];
  for (const part of names) {
    try {
      if (!zip.has(part)) throw new Refused('SPREADSHEET_DAMAGED');
      const content = await partOf(zip, part, MOST_BYTES - total);
      total += content.length;
      if (!isMarkup(part, content)) continue;
      xml += content.length;
      if (xml > MOST_XML_BYTES) throw new Refused('SPREADSHEET_TOO_LARGE');
      await walkXmlPart(part, content, found);
    } catch (error) {
      throw refusalOf(error, part);
    }
  }
  return { ...found, names };
}

/** Throws the Problem that names what a paper must not have in it: macros, objects, and ways out of the file. */
export function refuseUnsafe({ names, contentTypes, relations, fields }: PackageFacts): void {
  const macro =
    names.find((name) => /vba(Project|Data)/i.test(name)) ??
    contentTypes.find((type) => /macro|vba/i.test(type));
  if (macro !== undefined) throw new Problem('NOTICE_TEMPLATE_MACROS', { part: macro });
  if (!contentTypes.includes(DOCUMENT))
    throw new Problem('NOTICE_TEMPLATE_UNREADABLE', { part: '[Content_Types].xml' });
  const object = names.find((name) => /(^|\/)(embeddings|activeX)\/|oleObject|afchunk/i.test(name));
  if (object !== undefined) throw new Problem('NOTICE_TEMPLATE_ACTIVE', { part: object, what: object });
  for (const { part, type, target, external } of relations) {
    if (/\/(aFChunk|oleObject|package|control|vbaProject|subDocument|frame)$/i.test(type))
      throw new Problem('NOTICE_TEMPLATE_ACTIVE', { part, what: type.slice(type.lastIndexOf('/') + 1) });
    if (external ? !isPlainLink(type, target) : leadsOut(target))
      throw new Problem('NOTICE_TEMPLATE_EXTERNAL', { part, target: target.slice(0, LONGEST) });
  }
  const field = fields.find(({ instruction }) => !isPlainField(instruction));
  if (field !== undefined)
    throw new Problem('NOTICE_TEMPLATE_ACTIVE', {
      part: field.part,
      what: field.instruction.trim().slice(0, LONGEST),
    });
}

/** Of what a stranger's file says. */
const LONGEST = 100;

/** A link that a reader has to click, to the office's own page or mailbox. Everything else is fetched by itself. */
const isPlainLink = (type: string, target: string): boolean =>
  type.endsWith('/hyperlink') && /^(https?:\/\/|mailto:)/i.test(target);

const leadsOut = (target: string): boolean => /^([a-z][a-z0-9+.-]*:|\\\\|\/\/)/i.test(target);

/** Fields that show what is in the document itself, or the date. */
const PLAIN_FIELDS = new Set(
  `PAGE NUMPAGES SECTION SECTIONPAGES PAGEREF REF NOTEREF STYLEREF SEQ TOC TC XE INDEX DATE TIME CREATEDATE SAVEDATE
   PRINTDATE EDITTIME TITLE SUBJECT AUTHOR COMMENTS KEYWORDS FILENAME NUMWORDS NUMCHARS DOCPROPERTY SYMBOL EQ QUOTE =
   FORMTEXT FORMCHECKBOX FORMDROPDOWN ADVANCE LISTNUM`.split(/\s+/),
);

function isPlainField(instruction: string): boolean {
  const [name = '', target = ''] = instruction.trim().split(/\s+/);
  if (name.toUpperCase() === 'HYPERLINK') return /^"?(https?:\/\/|mailto:|\\l)/i.test(target);
  return name === '' || PLAIN_FIELDS.has(name.toUpperCase());
}

async function openZip(bytes: Buffer): Promise<{ zip: ZipParts; names: string[] }> {
  const part = '.docx';
  try {
    const zip = new ZipParts(bytes);
    const names = (await Zip.load(bytes)).listFiles().filter((name) => !name.endsWith('/'));
    if (names.length > MOST_PARTS) throw new Refused('SPREADSHEET_TOO_LARGE');
    return { zip, names };
  } catch (error) {
    if (error instanceof Refused) throw refusalOf(error, part);
    // The library throws plain errors for whatever is no zip.
    throw new Problem('NOTICE_TEMPLATE_UNREADABLE', { part });
  }
}

function refusalOf(error: unknown, part: string): unknown {
  if (!(error instanceof Refused)) return error;
  return error.refusal.refused === 'SPREADSHEET_TOO_LARGE'
    ? new Problem('NOTICE_TEMPLATE_TOO_LARGE', { most: MOST_BYTES, parts: MOST_PARTS })
    : new Problem('NOTICE_TEMPLATE_UNREADABLE', { part });
}

async function partOf(zip: ZipParts, part: string, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of zip.read(part)) {
    length += chunk.length;
    if (length > most) throw new Refused('SPREADSHEET_TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface Found {
  readonly contentTypes: string[];
  readonly relations: PackageFacts['relations'][number][];
  readonly fields: { part: string; instruction: string }[];
  elements: number;
}

async function walkXmlPart(part: string, content: Buffer, found: Found): Promise<void> {
  // Nothing that writes documents declares types; what would read them expands what they say.
  if (/<!(DOCTYPE|ENTITY)/i.test(asciiOf(content))) throw new Refused('SPREADSHEET_DAMAGED');
  async function* once(): AsyncGenerator<Uint8Array> {
    yield content;
  }
  const fields = new FieldsOf(part, found.fields);
  await walkPart(once(), {
    open: (name, attributes) => {
      found.elements += 1;
      if (found.elements > MOST_ELEMENTS) throw new Refused('SPREADSHEET_TOO_LARGE');
      const attribute = (wanted: string): string =>
        Object.entries(attributes).find(([key]) => key === wanted || key.endsWith(`:${wanted}`))?.[1] ?? '';
      if (part === '[Content_Types].xml' && attribute('ContentType') !== '')
        found.contentTypes.push(attribute('ContentType'));
      if (name === 'Relationship')
        found.relations.push({
          part,
          type: attribute('Type'),
          target: attribute('Target'),
          external: attribute('TargetMode').toLowerCase() === 'external',
        });
      if (name === 'fldSimple') fields.begin(attribute('instr'));
      if (name === 'fldChar') fields.mark(attribute('fldCharType'));
      return IS_INSTRUCTION.test(name);
    },
    close: (name, text) => {
      if (IS_INSTRUCTION.test(name)) fields.add(text);
    },
  });
}

/** One that a tracked change struck out comes back when the change is refused. */
const IS_INSTRUCTION = /^(instrText|delInstrText)$/;
/** No field has this name, so it is refused. */
const WRITTEN_BY_FIELD = '{ }';

/** The fields of one part: marks of begin, separate and end, and the instruction in pieces between the first two. */
class FieldsOf {
  readonly #part: string;
  readonly #found: Found['fields'];
  /** Of the fields around this place, the innermost last: whether its instruction is still being written. */
  readonly #open: boolean[] = [];

  constructor(part: string, found: Found['fields']) {
    this.#part = part;
    this.#found = found;
  }

  /** A field inside of an instruction writes a part of it, which nobody can read before it is opened. */
  begin(instruction: string): void {
    if (this.#open.at(-1) === true) this.#push(WRITTEN_BY_FIELD);
    this.#push(instruction);
  }

  mark(type: string): void {
    if (type === 'begin') {
      this.begin('');
      this.#open.push(true);
      return;
    }
    this.#open.pop();
    if (type === 'separate') this.#open.push(false);
    this.#push('');
  }

  add(text: string): void {
    const last = this.#found.at(-1);
    if (last?.part === this.#part) last.instruction += text;
    else this.#push(text);
  }

  #push(instruction: string): void {
    this.#found.push({ part: this.#part, instruction });
  }
}
