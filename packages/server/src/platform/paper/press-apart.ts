import { PaperThread } from './paper-thread.ts';
import type { Paper } from './press.ts';

const thread = new PaperThread<Paper>(new URL('./press-worker.ts', import.meta.url));

/** A paper from the press, while the thread that answers requests goes on. @throws Error with the fault as its cause. */
export const printApart = (paper: Paper): Promise<Buffer> => thread.set(paper);
