import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mammoth from 'mammoth';

/** Without spaces and line breaks, which readers of papers put where they like. */
export const flatten = (text: string): string => text.replaceAll(/\s/g, '');

/** What a PDF reader sees, flat. */
export function textOfPdf(pdf: Buffer, folder: string): string {
  const file = join(folder, 'paper.pdf');
  writeFileSync(file, pdf);
  return flatten(execFileSync('pdftotext', [file, '-'], { encoding: 'utf8' }));
}

/** What a DOCX reader sees, flat. */
export async function textOfDocx(docx: Buffer): Promise<string> {
  return flatten((await mammoth.extractRawText({ buffer: docx })).value);
}
