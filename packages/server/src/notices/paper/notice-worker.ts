import { answerPapers } from '../../platform/paper/paper-thread.ts';
import { PaperPress } from '../../platform/paper/press.ts';
import { fillNoticeTemplate } from './fill-template.ts';
import { pressNotice } from './press-notice.ts';
import type { NoticePaper } from './set-notice.ts';
import { writeNoticeDocx } from './write-docx.ts';

const press = new PaperPress();
answerPapers(({ content, print, as }: NoticePaper) => {
  if (as === 'pdf') return pressNotice(press, content, print);
  if (as === 'docx') return writeNoticeDocx(content, print);
  return fillNoticeTemplate(Buffer.from(as.template), content, print);
});
