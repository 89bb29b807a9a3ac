import type { NoticeContent } from '@backcheck/core';
import { ImagePlugin, LoopPlugin, TemplateHandler, TextPlugin } from 'easy-template-x';
import { undated } from './fixed-zip.ts';
import type { Print } from './sheet.ts';
import { templateData } from './template-data.ts';
import { codeImage } from './write-docx.ts';

/** Tables in text boxes in tables are deep; nothing that an office makes is deeper. */
const DEEPEST = 100;

/**
 * Only texts, loops and pictures can come into a document: none of what fills it is a link, a chart or markup, and a
 * text is set as the text of a node, whatever stands in it.
 */
export const newHandler = (): TemplateHandler =>
  new TemplateHandler({
    plugins: [new TextPlugin(), new LoopPlugin(), new ImagePlugin()],
    maxXmlDepth: DEEPEST,
  });

/**
 * The office's own template (checked when it was taken in) with what a notice says. The same template, content and
 * print give the same bytes.
 */
export async function fillNoticeTemplate(
  template: Buffer,
  content: NoticeContent,
  print: Print,
): Promise<Buffer> {
  const code = print.sha256 === null ? null : await codeImage(print.checkUrl);
  return undated(await newHandler().process(template, templateData(content, print, code)));
}
