import type { NoticeContent, NoticeKind, PaperLanguage } from '@backcheck/core';
import { MaxXmlDepthError, RelType, TemplateSyntaxError } from 'easy-template-x';
import { Problem } from '../../platform/problem.ts';
import { exampleContent } from './example-content.ts';
import { fillNoticeTemplate, newHandler } from './fill-template.ts';
import { openPackage, refuseUnsafe } from './template-package.ts';
import { refuseTags } from './template-tags.ts';

/** Of text that shows where something is. */
const LONGEST_PLACE = 160;
const EXAMPLE_HASH = '0123456789abcdef'.repeat(4);

/**
 * Tries a template before it is taken in: what is in the file, which tags it has, and whether it can be filled.
 * Throws the Problem that says what is wrong with it, and where.
 */
export async function checkTemplate(
  bytes: Buffer,
  { kind, language }: { readonly kind: NoticeKind; readonly language: PaperLanguage },
): Promise<void> {
  const template = await openPackage(bytes);
  refuseUnsafe(template);
  const print = { language, sha256: EXAMPLE_HASH, checkUrl: EXAMPLE_HASH, stamp: null };
  try {
    refuseTags(await newHandler().parseTags(bytes), kind);
    const example = exampleContent(kind);
    const filled = await fillNoticeTemplate(bytes, example, print);
    // what goes out, whichever of two parts of one name another reader takes
    const paper = await openPackage(filled);
    refuseUnsafe(paper);
    refuseHeavyLoops(paper.elements - template.elements, example);
    await refuseBraces(filled);
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Of one pass of a loop: a row of a table has some dozens. A notice may have two thousand findings. */
const MOST_OF_A_PASS = 150;

/** @param grown by how many elements the example has made the document longer */
function refuseHeavyLoops(grown: number, { findings, body, annex }: NoticeContent): void {
  const explained = annex?.explanations.length ?? 0;
  const passes = findings.length + explained + body.zh.length + body.en.length + 1;
  if (grown > passes * MOST_OF_A_PASS)
    throw new Problem('NOTICE_TEMPLATE_LOOP_TOO_LARGE', { most: MOST_OF_A_PASS });
}

/** A brace without its partner is left as text, which would stand on every paper. */
async function refuseBraces(filled: Buffer): Promise<void> {
  for (const part of [RelType.MainDocument, RelType.Header, RelType.Footer]) {
    const text = await newHandler().getText(filled, part);
    const place = /.{0,30}[{}].{0,30}/u.exec(text)?.[0];
    if (place !== undefined) throw new Problem('NOTICE_TEMPLATE_TAG_UNBALANCED', { place });
  }
}

/** The library says by the class of its error whose fault it was. Every other throw here is about this file too. */
function refusalOf(error: unknown): unknown {
  if (error instanceof Problem) return error;
  if (error instanceof TemplateSyntaxError)
    return new Problem('NOTICE_TEMPLATE_TAG_UNBALANCED', { place: error.message.slice(0, LONGEST_PLACE) });
  if (error instanceof MaxXmlDepthError)
    return new Problem('NOTICE_TEMPLATE_UNREADABLE', { part: 'word/document.xml' });
  return error;
}
