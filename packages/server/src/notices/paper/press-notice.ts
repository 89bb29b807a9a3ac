import { readFileSync } from 'node:fs';
import type { NoticeContent } from '@backcheck/core';
import qrcode from 'qrcode';
import type { PaperPress } from '../../platform/paper/press.ts';
import { type Print, sheetOf } from './sheet.ts';

const TEMPLATE = readFileSync(new URL('./notice.typ', import.meta.url), 'utf8');

/** What the QR code says: the page that checks a paper, with the hash where no server log sees it. */
export function checkAddress(sha256: string, publicUrl: string | null): string {
  return publicUrl === null ? sha256 : `${publicUrl}/notice-check#${sha256}`;
}

/**
 * A notice as PDF, A4. The same content and print give the same bytes.
 * @throws when the paper cannot be set: a fault of ours.
 */
export async function pressNotice(press: PaperPress, content: NoticeContent, print: Print): Promise<Buffer> {
  const drawings = print.sha256 === null ? {} : { qr: await drawnCode(print.checkUrl) };
  return press.print({ template: TEMPLATE, data: sheetOf(content, print), drawings });
}

const drawnCode = (text: string): Promise<string> =>
  qrcode.toString(text, { type: 'svg', margin: 1, errorCorrectionLevel: 'M' });
