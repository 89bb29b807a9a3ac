import { type CellProblem, type CellProblemCode, cellProblem } from './cell-problem.ts';
import type { Cell, Choice, Field, FieldValue } from './field.ts';
import { cleanText, foldText, isFormulaError, saysNothing } from './fold-text.ts';
import {
  isRegionCode,
  isUsccForm,
  looksLikeFilingNumber,
  looksLikeIcpNumber,
  usccCheckDigit,
} from './national-codes.ts';
import { parseList } from './parse-list.ts';
import { FIRST_DAY, LAST_DAY, readDay } from './read-day.ts';

/** `value` null: the cell is empty. A warning is for a person to look at; the value stands. */
export type CellResult =
  | { readonly ok: true; readonly value: FieldValue | null; readonly warnings: readonly CellProblem[] }
  | { readonly ok: false; readonly problem: CellProblem };

/** A spreadsheet keeps 15 digits of a number. */
const EXACT = 1e15;
/** How it writes a longer one, in a CSV file too. */
const ROUNDED = /^\d(\.\d+)?E\+\d{2}$/;

const CODE_MAX = 64;
const EMAIL = /^[^\s@<>()",;:]{1,64}@[^\s@<>()",;:]{1,190}\.[^\s@<>()",;:.]{2,63}$/;

const accepted = (value: FieldValue | null, ...warnings: CellProblem[]): CellResult => ({
  ok: true,
  value,
  warnings,
});

const refused = (code: CellProblemCode, facts?: CellProblem['facts']): CellResult => ({
  ok: false,
  problem: cellProblem(code, facts),
});

/** Reads one cell as the field wants it. Never throws, whatever a spreadsheet holds. */
export function parseCell(field: Field, cell: Cell): CellResult {
  const { type, required } = field;
  const text = textOf(cell);
  if (isFormulaError(text)) return refused('CELL_FORMULA_ERROR', { value: text });
  const nothing = type.kind !== 'text' && saysNothing(text) && !isChoice(field, text);
  if (text === '' || nothing) return required ? refused('CELL_REQUIRED') : accepted(null);
  switch (type.kind) {
    case 'integer':
      return parseInteger(text, type.min, type.max);
    case 'date':
      return parseDate(typeof cell === 'boolean' || cell === null ? text : cell, text);
    case 'boolean':
      return parseBoolean(text);
    case 'choice':
      return parseChoice(text, type.choices);
    default:
      if ((typeof cell === 'number' && Math.abs(cell) >= EXACT) || ROUNDED.test(text))
        return refused('CELL_DIGITS_LOST');
      return cell instanceof Date ? warnOfDate(parseText(field, text), text) : parseText(field, text);
  }
}

function textOf(cell: Cell): string {
  if (cell === null) return '';
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : (readDay(cell) ?? cell.toISOString());
  return typeof cell === 'string' ? cleanText(cell) : String(cell);
}

function warnOfDate(result: CellResult, value: string): CellResult {
  return result.ok
    ? accepted(result.value, ...result.warnings, cellProblem('CELL_WAS_DATE', { value }))
    : result;
}

function parseText({ type }: Field, text: string): CellResult {
  const plain = text.normalize('NFKC').trim();
  switch (type.kind) {
    case 'text':
      return text.length > type.max ? refused('CELL_TOO_LONG', { max: String(type.max) }) : accepted(text);
    case 'list':
      return parseList(type.of, text);
    case 'code':
      return parseCode(plain);
    case 'email':
      return EMAIL.test(plain) ? accepted(plain) : refused('CELL_NOT_AN_EMAIL', { value: text });
    case 'phone':
      return parsePhone(plain);
    case 'uscc':
      return parseUscc(plain.replace(/[\s-]/g, '').toUpperCase());
    case 'region':
      return isRegionCode(plain) ? accepted(plain) : refused('CELL_NOT_A_REGION', { value: text });
    case 'mlps-filing':
      return parseLoosely(plain, looksLikeFilingNumber, 'CELL_FILING_NUMBER_UNUSUAL');
    default:
      return parseLoosely(plain.replace(/\s/g, ''), looksLikeIcpNumber, 'CELL_ICP_NUMBER_UNUSUAL');
  }
}

function parseInteger(text: string, min: number, max: number): CellResult {
  const plain = text.normalize('NFKC').replace(/(?<=\d),(?=\d{3}(?!\d))/g, '');
  if (!/^[+-]?\d{1,15}(\.0+)?$/.test(plain)) return refused('CELL_NOT_A_NUMBER', { value: text });
  const value = Number(plain);
  if (value < min || value > max) return refused('CELL_OUT_OF_RANGE', { min: String(min), max: String(max) });
  // -0 is no number of anything.
  return accepted(value === 0 ? 0 : value);
}

function parseDate(cell: string | number | Date, text: string): CellResult {
  const day = readDay(typeof cell === 'string' ? text : cell);
  if (day === null) return refused('CELL_NOT_A_DATE', { value: text });
  return day < FIRST_DAY || day > LAST_DAY
    ? refused('CELL_DATE_IMPLAUSIBLE', { value: day, min: FIRST_DAY, max: LAST_DAY })
    : accepted(day);
}

function parseBoolean(text: string): CellResult {
  const word = foldText(text);
  if (['是', 'yes', 'y', 'true', '1', '√'].includes(word)) return accepted(true);
  if (['否', 'no', 'n', 'false', '0', '×'].includes(word)) return accepted(false);
  return refused('CELL_NOT_YES_NO', { value: text });
}

function choiceOf(text: string, choices: readonly Choice[]): Choice | undefined {
  const word = foldText(text);
  return choices.find(({ code, label, synonyms = [] }) =>
    [code, label.zh, label.en, ...synonyms].some((one) => foldText(one) === word),
  );
}

const isChoice = ({ type }: Field, text: string): boolean =>
  type.kind === 'choice' && choiceOf(text, type.choices) !== undefined;

function parseChoice(text: string, choices: readonly Choice[]): CellResult {
  const chosen = choiceOf(text, choices);
  if (chosen !== undefined) return accepted(chosen.code);
  const allowed = {
    zh: choices.map(({ label }) => label.zh).join('、'),
    en: choices.map(({ label }) => label.en).join(', '),
  };
  return refused('CELL_NOT_IN_LIST', { value: text, allowed });
}

function parseCode(text: string): CellResult {
  if (/\s/.test(text)) return refused('CELL_CODE_HAS_SPACE', { value: text });
  return text.length > CODE_MAX ? refused('CELL_TOO_LONG', { max: String(CODE_MAX) }) : accepted(text);
}

function parsePhone(text: string): CellResult {
  const digits = text.replace(/\D/g, '').length;
  const isPhone =
    digits >= 3 && digits <= 20 && /^[+(\d][\d\s().+-]{1,39}(?:(?:转|ext\.?|x)\s?\d{1,8})?$/i.test(text);
  return isPhone ? accepted(text) : refused('CELL_NOT_A_PHONE', { value: text });
}

function parseUscc(code: string): CellResult {
  if (!isUsccForm(code)) return refused('CELL_NOT_USCC', { value: code });
  return usccCheckDigit(code) === code.at(-1) ? accepted(code) : refused('CELL_CHECK_DIGIT', { value: code });
}

const LOOSE_MAX = 100;

/** Numbers of papers whose form varies by office and year: an odd one is shown, never refused. */
function parseLoosely(
  text: string,
  looksRight: (text: string) => boolean,
  code: CellProblemCode,
): CellResult {
  if (text.length > LOOSE_MAX) return refused('CELL_TOO_LONG', { max: String(LOOSE_MAX) });
  return looksRight(text) ? accepted(text) : accepted(text, cellProblem(code, { value: text }));
}
