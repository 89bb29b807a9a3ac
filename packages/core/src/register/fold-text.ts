/** Marks that nobody sees and that change how a text shows: pasted from chats, or put there to deceive. */
const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
/** Control characters that no text needs; a database refuses the first of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** A text as it may be stored: sound Unicode without invisible marks, line ends as "\n", no space around it. */
export function cleanText(raw: string): string {
  return raw.toWellFormed().replace(/\r\n?/g, '\n').replace(INVISIBLE, '').replace(CONTROL, '').trim();
}

/** What is compared where people write one word in many ways: width, case and spaces are gone. */
export function foldText(raw: string): string {
  return cleanText(raw).normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

/** How offices write "nothing" where only a number, a date, a name of a machine and the like can stand. */
const NOTHING = new Set(['/', '\\', '-', '--', '—', '——', '无', '暂无', 'n/a', 'na', 'none', 'null']);

export const saysNothing = (text: string): boolean => NOTHING.has(foldText(text));

/** What a spreadsheet shows where a formula failed; the last is our own word for one that was never computed. */
const FORMULA_ERROR = /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|UNCALCULATED)$/;

export const isFormulaError = (text: string): boolean => FORMULA_ERROR.test(text.normalize('NFKC'));
