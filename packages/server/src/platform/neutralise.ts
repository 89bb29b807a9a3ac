/** What a spreadsheet program takes for the start of a formula in a text (OWASP, "CSV injection"); wide ones too. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;

/** A text of ours with an apostrophe in front where a spreadsheet program would run it. */
export const neutralised = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** The text before `neutralised`: exactly that apostrophe gone. */
export const withoutNeutralising = (text: string): string =>
  text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
