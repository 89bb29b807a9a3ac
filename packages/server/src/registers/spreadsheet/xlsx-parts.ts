import { UnreadableScan, walkXml, type XmlAttributes } from '@backcheck/scans';
import { isDateFormat } from 'hucre';
import { MAX_CELL_CHARACTERS, MAX_SHEETS, Refused, storable } from './spreadsheet.ts';
import type { ZipParts } from './zip-parts.ts';

/** What a part's reader does with its elements; names come without their prefix. */
export interface PartWalker {
  /** Return true to be given the text of this element when it closes. */
  open(name: string, attributes: XmlAttributes): boolean;
  close(name: string, text: string): void;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Walks one XML part. `rest` runs after each piece that was read, before the next is taken, and is awaited.
 * Throws `Refused` SPREADSHEET_DAMAGED when the part is not well-formed.
 */
export async function walkPart(
  bytes: AsyncIterable<Uint8Array>,
  walker: PartWalker,
  rest: () => Promise<void> = async () => undefined,
): Promise<void> {
  async function* paced(): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      yield piece;
      await rest();
    }
  }
  const steps = walkXml(paced(), {
    open: (name, attributes) => walker.open(localName(name), attributes),
    close: (name, text) => walker.close(localName(name), text),
    drain: () => [],
  });
  try {
    for (;;) {
      const step = await steps.next();
      if (step.done !== true) continue;
      if (step.value) throw new Refused('SPREADSHEET_DAMAGED');
      break;
    }
  } catch (error) {
    if (!(error instanceof UnreadableScan)) throw error;
    throw new Refused('SPREADSHEET_DAMAGED', undefined, error);
  }
  await rest();
}

/** Where a part's relationships lead (ECMA-376 part 2, 9): the target's path by the id, and the kind of target. */
async function relations(zip: ZipParts, part: string): Promise<Map<string, { type: string; path: string }>> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const found = new Map<string, { type: string; path: string }>();
  await walkPart(zip.read(`${folder}_rels/${part.slice(folder.length)}.rels`), {
    open: (name, { Id = '', Type = '', Target = '' }) => {
      const type = Type.slice(Type.lastIndexOf('/') + 1);
      // The address is only a way to resolve "../" as RFC 3986 does. A link out of the file may be none.
      const path = URL.parse(Target, `file:///${folder}`)?.pathname.slice(1) ?? '';
      if (name === 'Relationship') found.set(Id, { type, path });
      return false;
    },
    close: () => undefined,
  });
  return found;
}

export interface WorkbookParts {
  readonly sheets: readonly { readonly name: string; readonly path: string }[];
  readonly strings: readonly string[];
  /** By the number of a cell's format: whether it shows a date. */
  readonly dateFormats: readonly boolean[];
  readonly from1904: boolean;
}

/** Reads all parts of an XLSX file but its sheets. Throws `Refused`. */
export async function readWorkbookParts(zip: ZipParts): Promise<WorkbookParts> {
  const roots = [...(await relations(zip, '')).values()];
  const workbook = roots.find(({ type }) => type === 'officeDocument')?.path ?? '';
  if (!zip.has(workbook)) throw new Refused('SPREADSHEET_UNREADABLE');
  const related = await relations(zip, workbook);
  const pathOf = (wanted: string): string =>
    [...related.values()].find(({ type }) => type === wanted)?.path ?? '';
  const sheets: { name: string; path: string }[] = [];
  let from1904 = false;
  await walkPart(zip.read(workbook), {
    open: (name, attributes) => {
      if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
      const hidden = (attributes['state'] ?? 'visible') !== 'visible';
      if (name !== 'sheet' || hidden) return false;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? '';
      const target = related.get(id);
      // Charts and macro sheets are sheets too, without rows.
      if (target?.type === 'worksheet') {
        sheets.push({ name: storable(attributes['name'] ?? ''), path: target.path });
      }
      if (sheets.length > MAX_SHEETS) throw new Refused('SPREADSHEET_TOO_LARGE');
      return false;
    },
    close: () => undefined,
  });
  const strings = await readStrings(zip, pathOf('sharedStrings'));
  return { sheets, strings, dateFormats: await readDateFormats(zip, pathOf('styles')), from1904 };
}

/** Characters and texts of one workbook that are held at once. */
const MAX_STRINGS_LENGTH = 128 * 1024 ** 2;
const MAX_STRINGS = 3_000_000;

async function readStrings(zip: ZipParts, path: string): Promise<string[]> {
  const strings: string[] = [];
  let [text, length, phonetic] = ['', 0, false];
  if (!zip.has(path)) return strings;
  await walkPart(zip.read(path), {
    open: (name) => {
      if (name === 'si') text = '';
      if (name === 'rPh') phonetic = true;
      return name === 't';
    },
    close: (name, part) => {
      if (name === 'rPh') phonetic = false;
      // One character more than may be is enough for the sheet to refuse it with its place.
      if (name === 't' && !phonetic && text.length <= MAX_CELL_CHARACTERS) text += part;
      if (name !== 'si') return;
      strings.push(unescaped(text));
      length += text.length;
      if (length > MAX_STRINGS_LENGTH || strings.length > MAX_STRINGS)
        throw new Refused('SPREADSHEET_TOO_LARGE');
    },
  });
  return strings;
}

/** "_x000D_" is how a control character is written (ECMA-376 part 1, 22.9.2.19). */
export const unescaped = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    : text;

/** Numbers of built-in formats that are dates or times (ECMA-376 part 1, 18.8.30), East Asian ones included. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

async function readDateFormats(zip: ZipParts, path: string): Promise<boolean[]> {
  const dates: boolean[] = [];
  const own = new Map<number, boolean>();
  let inCells = false;
  if (!zip.has(path)) return dates;
  await walkPart(zip.read(path), {
    open: (name, attributes) => {
      const id = Number(attributes['numFmtId'] ?? 0);
      if (name === 'cellXfs') inCells = true;
      if (name === 'numFmt') own.set(id, isDateFormat((attributes['formatCode'] ?? '').slice(0, 255)));
      if (name === 'xf' && inCells) dates.push(own.get(id) ?? isBuiltInDate(id));
      return false;
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return dates;
}
