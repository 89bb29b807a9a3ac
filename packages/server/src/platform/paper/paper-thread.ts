import { parentPort, Worker } from 'node:worker_threads';

interface PaperRequest {
  readonly id: number;
  readonly work: unknown;
}

type PaperAnswer =
  | { readonly id: number; readonly bytes: Uint8Array }
  | { readonly id: number; readonly error: unknown };

interface Waiting {
  readonly done: (bytes: Buffer) => void;
  readonly failed: (error: Error) => void;
}

/**
 * Sets papers on a thread beside the one that answers requests, one after the other: a long paper takes seconds of
 * computing, in which nobody else would get an answer. Started with the first paper; it keeps no process alive that has
 * no paper to wait for. `Work` says what is to be set: it is copied, so only data and no functions.
 */
export class PaperThread<Work> {
  readonly #entry: URL;
  #worker: Worker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  /** @param entry a module of ours that calls `answerPapers`. */
  constructor(entry: URL) {
    this.#entry = entry;
  }

  /** @throws Error with the fault as its cause. */
  set(work: Work): Promise<Buffer> {
    const worker = this.#running();
    this.#last += 1;
    const request: PaperRequest = { id: this.#last, work };
    return new Promise((done, failed) => {
      this.#waiting.set(request.id, { done, failed });
      worker.ref();
      worker.postMessage(request);
    });
  }

  #running(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(this.#entry);
    worker.on('message', (answer: PaperAnswer) => this.#take(worker, answer));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', (code) =>
      this.#lose(worker, new Error(`the thread that sets papers ended with ${code}`)),
    );
    this.#worker = worker;
    return worker;
  }

  #take(worker: Worker, answer: PaperAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) worker.unref();
    if ('bytes' in answer) waiting?.done(Buffer.from(answer.bytes));
    else waiting?.failed(new Error('a paper could not be set', { cause: answer.error }));
  }

  /** The next paper starts another thread. */
  #lose(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { failed } of lost) failed(new Error('a paper could not be set', { cause }));
  }
}

/** The other side: what the entry of a thread does for its whole life. */
export function answerPapers<Work>(set: (work: Work) => Promise<Uint8Array> | Uint8Array): void {
  const answer = async ({ id, work }: PaperRequest): Promise<PaperAnswer> => {
    try {
      return { id, bytes: await set(work as Work) };
    } catch (error) {
      return { id, error };
    }
  };
  let last: Promise<void> = Promise.resolve();
  parentPort?.on('message', (request: PaperRequest) => {
    last = last.then(async () => parentPort?.postMessage(await answer(request)));
  });
}
