import { CSRF_HEADER, ProblemDocument } from '@backcheck/contract';

/** What the wire carries: any zod schema of the contract fits. */
interface Shape<T> {
  parse(value: unknown): T;
}

/** The server said no, in both languages. Network faults and broken answers are other errors. */
export class Refusal extends Error {
  readonly status: number;
  readonly problem: ProblemDocument;

  constructor(problem: ProblemDocument) {
    super(problem.title);
    this.name = 'Refusal';
    this.status = problem.status;
    this.problem = problem;
  }
}

/** Nobody is signed in, or no longer. */
export const isSignedOut = (error: unknown): boolean => error instanceof Refusal && error.status === 401;

/** No answer, or one that is not from our server: a proxy in between, a lost line, a stopped process. */
export class Unreachable extends Error {
  constructor(what: string, cause?: unknown) {
    super(what, { cause });
    this.name = 'Unreachable';
  }
}

/** Reads an answer's body; throws a Refusal for problem+json. Shared with uploads, which do not use fetch. */
export function readAnswer<T>(shape: Shape<T>, status: number, body: string): T {
  if (status >= 200 && status < 300) return shape.parse(JSON.parse(body));
  const problem = ProblemDocument.safeParse(parsedOrNull(body));
  if (problem.success) throw new Refusal(problem.data);
  throw new Unreachable(`HTTP ${status}`);
}

/** A proxy in between answers in HTML: that is no problem document, but no reason to lose the status either. */
function parsedOrNull(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

export async function get<T>(shape: Shape<T>, path: string, signal?: AbortSignal): Promise<T> {
  const { status, body } = await send(path, signal === undefined ? {} : { signal });
  return readAnswer(shape, status, body);
}

export const post = <T>(shape: Shape<T>, path: string, body?: unknown): Promise<T> =>
  change('POST', shape, path, body);

export const patch = <T>(shape: Shape<T>, path: string, body: unknown): Promise<T> =>
  change('PATCH', shape, path, body);

async function change<T>(method: 'POST' | 'PATCH', shape: Shape<T>, path: string, body: unknown): Promise<T> {
  const answer = await send(path, {
    method,
    headers: { [CSRF_HEADER]: '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return readAnswer(shape, answer.status, answer.body);
}

/** For what has no answer but "done". */
export async function remove(path: string): Promise<void> {
  const { status, body } = await send(path, { method: 'DELETE', headers: { [CSRF_HEADER]: '1' } });
  if (status !== 204) readAnswer(NOTHING, status, body);
}

const NOTHING: Shape<void> = { parse: () => undefined };

async function send(path: string, request: RequestInit): Promise<{ status: number; body: string }> {
  try {
    const answer = await fetch(`/api/v1${path}`, request);
    return { status: answer.status, body: await answer.text() };
  } catch (error) {
    // Not a fault but a screen that was left: the query library asked for it and knows it by its name.
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable('network', error);
  }
}

/** `?a=1&b=2` without what is undefined or empty; `` when nothing is left. */
export function queryString(values: Readonly<Record<string, string | number | undefined>>): string {
  const filled = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(filled.map(([key, value]) => [key, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}
