import { answerPapers } from './paper-thread.ts';
import { type Paper, PaperPress } from './press.ts';

const press = new PaperPress();
answerPapers((paper: Paper) => press.print(paper));
