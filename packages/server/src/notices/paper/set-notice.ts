import type { NoticeContent } from '@backcheck/core';
import { PaperThread } from '../../platform/paper/paper-thread.ts';
import type { Print } from './sheet.ts';

export interface NoticePaper {
  readonly content: NoticeContent;
  readonly print: Print;
  /** `template`: the office's own DOCX, filled. */
  readonly as: 'pdf' | 'docx' | { readonly template: Uint8Array };
}

const thread = new PaperThread<NoticePaper>(new URL('./notice-worker.ts', import.meta.url));

/**
 * The bytes of a notice's paper, while the thread that answers requests goes on.
 * @throws Error with the fault as its cause.
 */
export const setNotice = (paper: NoticePaper): Promise<Buffer> => thread.set(paper);
