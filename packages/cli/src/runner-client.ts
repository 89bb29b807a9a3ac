import { BeatAnswer, Delivered, ProblemDocument, RunnerWelcome, TakenTasks } from '@backcheck/contract';
import type { Envelope } from '@backcheck/core';
import {
  type Delivery,
  type Hello,
  type LeasedTask,
  type RunnerClient,
  RunnerStop,
} from '@backcheck/engines';

export interface RunnerServerAddress {
  /** Without "/api/v1". */
  readonly url: string;
  /** `bcr_…`, as the server showed it when the runner was registered. */
  readonly key: string;
}

/** How long an answer may take, in milliseconds. A scan file may be large and the line thin. */
const PATIENCE = { words: 3000, file: 120_000 };

/** The operations of runners over HTTP (docs/retests.md); every connection goes from here to the server. */
export class HttpRunnerClient implements RunnerClient {
  readonly #address: RunnerServerAddress;

  constructor(address: RunnerServerAddress) {
    this.#address = address;
  }

  async hello(hello: Hello): Promise<RunnerWelcome> {
    return RunnerWelcome.parse(await this.#ask('hello', hello));
  }

  async take(most: number): Promise<readonly LeasedTask[]> {
    return TakenTasks.parse(await this.#ask('take', { most })).tasks;
  }

  async beat(leases: readonly string[]): Promise<readonly string[]> {
    return BeatAnswer.parse(await this.#ask('beat', { leases })).stop;
  }

  async deliver(
    statement: Envelope,
    file: { readonly name: string; readonly bytes: Uint8Array } | null,
  ): Promise<Delivery> {
    const result = JSON.stringify(statement);
    const answer =
      file === null
        ? await this.#send('results', { result })
        : await this.#send('results', formOf(result, file));
    // The same bytes would be refused again; 5xx and 429 are no refusals of them.
    if (answer.status >= 400 && answer.status < 500 && answer.status !== 429)
      return { kind: 'refused', why: refusalOf(answer).message };
    return { kind: Delivered.parse(contentOf(answer)).accepted ? 'accepted' : 'lost' };
  }

  async #ask(what: string, body: object): Promise<unknown> {
    return contentOf(await this.#send(what, body));
  }

  async #send(what: string, body: object | FormData): Promise<Answer> {
    const { url, key } = this.#address;
    const isForm = body instanceof FormData;
    const response = await fetch(`${url.replace(/\/+$/, '')}/api/v1/runner/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, ...(isForm ? {} : { 'content-type': 'application/json' }) },
      body: isForm ? body : JSON.stringify(body),
      // a key is not taken to wherever somebody points
      redirect: 'error',
      signal: AbortSignal.timeout(isForm ? PATIENCE.file : PATIENCE.words),
    });
    const answer = { status: response.status, content: await response.json().catch(() => null) };
    const { code, message } = refusalOf(answer);
    if (code === 'RUNNER_KEY_INVALID' || code === 'RUNNER_KEY_CHANGED') throw new RunnerStop(code, message);
    return answer;
  }
}

interface Answer {
  readonly status: number;
  readonly content: unknown;
}

function formOf(result: string, file: { readonly name: string; readonly bytes: Uint8Array }): FormData {
  const form = new FormData();
  form.set('result', result);
  form.set('file', new Blob([Buffer.from(file.bytes)]), file.name);
  return form;
}

function contentOf(answer: Answer): unknown {
  if (answer.status < 300) return answer.content;
  throw new Error(refusalOf(answer).message);
}

function refusalOf({ status, content }: Answer): { readonly code: string | null; readonly message: string } {
  const problem = ProblemDocument.safeParse(content);
  if (!problem.success) return { code: null, message: `HTTP ${status}` };
  const { code, title } = problem.data;
  return { code, message: `${code}: ${title}` };
}
