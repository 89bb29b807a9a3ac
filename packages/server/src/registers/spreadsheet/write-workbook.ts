import type { Text } from '@backcheck/contract';
import {
  CATALOGUE,
  type Field,
  type RegisterKind,
  type RegisterRecord,
  renderCell,
  wordsOf,
} from '@backcheck/core';
import { type CellValue, type ColumnDef, type DataValidation, type WriteSheet, writeXlsx } from 'hucre';
import { notesSheet, type SheetNotes } from './notes-sheet.ts';
import { columnLetter } from './spreadsheet.ts';
import { SURVEY_SHEETS, type SurveySheet } from './survey-sheets.ts';
import { headed, writeTableCsv, xlsxCell } from './write-table.ts';

export type SheetLanguage = keyof Text;

export const TEMPLATES = ['organizations', 'systems', 'assets', 'contacts', 'mlps-survey'] as const;
export type TemplateName = (typeof TEMPLATES)[number];

const KIND_OF = {
  organizations: 'organization',
  systems: 'system',
  assets: 'asset',
  contacts: 'contact',
} as const satisfies Record<Exclude<TemplateName, 'mlps-survey'>, RegisterKind>;

/** Rows below the last one that have the formats and lists of their column, for what is typed in. */
const BLANK_ROWS = 300;
/** Where the words of the drop-down lists stand: in a list that is written out Excel allows 255 characters. */
const LISTS_SHEET = '_lists';

/** A register as XLSX: its records, drop-down lists, and a sheet that says how to fill it in. `more`: columns at its end. */
export async function writeRegister(
  kind: RegisterKind,
  records: readonly RegisterRecord[],
  language: SheetLanguage,
  more: readonly Field[] = [],
): Promise<Uint8Array> {
  const { label } = CATALOGUE[kind];
  const fields = [...CATALOGUE[kind].fields, ...more];
  const lists = new WordLists(language);
  const sheet = registerSheet({ name: label[language], fields, records }, lists);
  return writeXlsx({
    sheets: [sheet, notesSheet([{ sheet: label, fields, remark: null }], language), lists.sheet()],
  });
}

/** An empty form to fill in. The sheets of the survey have Chinese names in both languages. */
export async function writeTemplate(template: TemplateName, language: SheetLanguage): Promise<Uint8Array> {
  if (template !== 'mlps-survey') return writeRegister(KIND_OF[template], [], language);
  const lists = new WordLists(language);
  const sheets = SURVEY_SHEETS.map((survey) => surveySheet(survey, lists));
  return writeXlsx({
    sheets: [notesSheet(SURVEY_SHEETS.map(surveyNotes), language), ...sheets, lists.sheet()],
  });
}

/** A register as CSV (RFC 4180, UTF-8 with the mark that Excel needs to see it). */
export function writeRegisterCsv(
  kind: RegisterKind,
  records: readonly RegisterRecord[],
  language: SheetLanguage,
  more: readonly Field[] = [],
): Uint8Array {
  const fields = [...CATALOGUE[kind].fields, ...more];
  return writeTableCsv({
    columns: fields.map((field) => ({ header: field.label[language], width: 0 })),
    rows: records.map((record) => fields.map((field) => renderCell(field, record[field.key], language))),
  });
}

interface SheetContent {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly records: readonly RegisterRecord[];
}

function registerSheet({ name, fields, records }: SheetContent, lists: WordLists): WriteSheet {
  const { language } = lists;
  const headers = fields.map(({ label, required }) => (required ? `${label[language]}*` : label[language]));
  const rows: CellValue[][] = records.map((record) =>
    fields.map((field) => xlsxCell(renderCell(field, record[field.key], language))),
  );
  for (let n = 0; n < BLANK_ROWS; n += 1) rows.push(fields.map(() => null));
  const dataValidations = fields.flatMap((field, column) => lists.validation(field, column, rows.length + 1));
  return { ...headed(name, headers, rows), columns: fields.map(columnOf), dataValidations };
}

/** A column of text is marked so, or a program takes a long number for a number and loses its digits. */
function columnOf({ type, label }: Field): ColumnDef {
  const width = Math.max(14, label.zh.length * 2 + 4, type.kind === 'list' ? 24 : 0);
  if (type.kind === 'integer') return { width };
  return { width, numFmt: type.kind === 'date' ? 'yyyy-mm-dd' : '@' };
}

/** The words to choose from, each list once, in a hidden sheet of its own. */
class WordLists {
  readonly language: SheetLanguage;
  readonly #lists: (readonly string[])[] = [];

  constructor(language: SheetLanguage) {
    this.language = language;
  }

  /** Other words are warned of and allowed: the import knows more of them, in both languages. */
  validation(field: Field, column: number, lastRow: number): DataValidation[] {
    const words = wordsOf(field, this.language);
    if (words === null) return [];
    const place = columnLetter(this.#lists.push(words) - 1);
    const letter = columnLetter(column);
    return [
      {
        type: 'list',
        range: `${letter}2:${letter}${lastRow}`,
        formula1: `'${LISTS_SHEET}'!$${place}$1:$${place}$${words.length}`,
        allowBlank: true,
        showErrorMessage: true,
        errorStyle: 'warning',
      },
    ];
  }

  sheet(): WriteSheet {
    const height = Math.max(1, ...this.#lists.map((list) => list.length));
    const rows = Array.from({ length: height }, (_, row) => this.#lists.map((list) => list[row] ?? null));
    return { name: LISTS_SHEET, rows, hidden: true };
  }
}

function fieldsOf({ feeds }: SurveySheet): Field[] {
  if (feeds === null) return [];
  const wanted = ['organizationCode', ...feeds.columns];
  const { fields } = CATALOGUE[feeds.kind];
  return wanted.flatMap((key) => fields.find((field) => field.key === key) ?? []);
}

function surveySheet(survey: SurveySheet, lists: WordLists): WriteSheet {
  const name = survey.name.zh;
  if (survey.feeds !== null) return registerSheet({ name, fields: fieldsOf(survey), records: [] }, lists);
  const headers = survey.columns.map((column) => column[lists.language]);
  return { ...headed(name, headers, []), columns: headers.map(() => ({ width: 24 })) };
}

function surveyNotes(survey: SurveySheet): SheetNotes {
  const { feeds, name } = survey;
  if (feeds === null)
    return {
      sheet: name,
      fields: [],
      remark: {
        zh: '此表不导入任何台账，只随文件留存。',
        en: 'This sheet is not imported into any register; it stays in the file only.',
      },
    };
  const { label } = CATALOGUE[feeds.kind];
  return {
    sheet: name,
    fields: fieldsOf(survey),
    remark: { zh: `导入到：${label.zh}。`, en: `Goes into the register: ${label.en}.` },
  };
}
