import { CSRF_HEADER, ProblemDocument } from '@backcheck/contract';

/** What the wire carries: any zod schema of the contract fits. */
interface Shape<T> {
  parse(value: unknown): T;
}

/** The server said no, in both languages. Network faults and broken answers are other errors. */
export class Refusal extends Error {
  readonly status: number;
  readonly problem: ProblemDocument;
  /** When to try again, milliseconds since 1970; null: the server did not say. */
  readonly retryAt: number | null;

  constructor(problem: ProblemDocument, retryAt: number | null = null) {
    super(problem.title);
    this.name = 'Refusal';
    this.status = problem.status;
    this.problem = problem;
    this.retryAt = retryAt;
  }
}

/** Nobody is signed in, or no longer. */
export const isSignedOut = (error: unknown): boolean =>
  error instanceof Refusal && error.problem.code === 'NOT_SIGNED_IN';

/** What the session is has changed meanwhile: it ended, or its account must set up a second factor first. */
export const changesSession = (error: unknown): boolean =>
  isSignedOut(error) || (error instanceof Refusal && error.problem.code === 'TWO_FACTOR_REQUIRED');

/** No answer, or one that is not from our server: a proxy in between, a lost line, a stopped process. */
export class Unreachable extends Error {
  constructor(what: string, cause?: unknown) {
    super(what, { cause });
    this.name = 'Unreachable';
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAt?: number | null;
}

/** Reads an answer's body; throws a Refusal for problem+json. Shared with uploads, which do not use fetch. */
export function readAnswer<T>(shape: Shape<T>, { status, body, retryAt = null }: Answer): T {
  if (status >= 200 && status < 300) return shape.parse(JSON.parse(body));
  const problem = ProblemDocument.safeParse(parsedOrNull(body));
  if (problem.success) throw new Refusal(problem.data, retryAt);
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
  return readAnswer(shape, await send(path, signal === undefined ? {} : { signal }));
}

/** `key`: one for each form that was opened; what is sent again with the same one is not carried out again. */
export const post = <T>(shape: Shape<T>, path: string, body?: unknown, key?: string): Promise<T> =>
  change(requestWith('POST', body, keyed(key)), shape, path);

const keyed = (key: string | undefined): Readonly<Record<string, string>> =>
  key === undefined ? {} : { 'idempotency-key': key };

/** `tag`: of what the reader has seen; null: it has none. What somebody else changed since is left as it is. */
export const postIfMatch = <T>(
  shape: Shape<T>,
  path: string,
  { tag, body }: { readonly tag: string | null; readonly body?: unknown },
): Promise<T> => change(requestWith('POST', body, ifMatch(tag)), shape, path);

export const patchIfMatch = <T>(
  shape: Shape<T>,
  path: string,
  { tag, body }: { readonly tag: string | null; readonly body: unknown },
): Promise<T> => change(requestWith('PATCH', body, ifMatch(tag)), shape, path);

const ifMatch = (tag: string | null): Readonly<Record<string, string>> =>
  tag === null ? {} : { 'if-match': `"${tag}"` };

export const patch = <T>(shape: Shape<T>, path: string, body: unknown): Promise<T> =>
  change(requestWith('PATCH', body), shape, path);

export const put = <T>(shape: Shape<T>, path: string, body: unknown): Promise<T> =>
  change(requestWith('PUT', body), shape, path);

/** A form with a file in it. */
export const postForm = async <T>(shape: Shape<T>, path: string, body: FormData): Promise<T> =>
  readAnswer(shape, await send(path, { method: 'POST', headers: { [CSRF_HEADER]: '1' }, body }));

async function change<T>(request: RequestInit, shape: Shape<T>, path: string): Promise<T> {
  return readAnswer(shape, await send(path, request));
}

/** A new key for `post`. Not `randomUUID`, which a page without TLS does not have. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');

/** For what has no answer but "done". */
export const remove = (path: string): Promise<void> => command(requestWith('DELETE', undefined), path);
export const tell = (path: string, body?: unknown, key?: string): Promise<void> =>
  command(requestWith('POST', body, keyed(key)), path);
export const add = (path: string): Promise<void> => command(requestWith('PUT', undefined), path);

async function command(request: RequestInit, path: string): Promise<void> {
  const answer = await send(path, request);
  if (answer.status < 200 || answer.status >= 300) readAnswer(NOTHING, answer);
}

const NOTHING: Shape<void> = { parse: () => undefined };

function requestWith(
  method: string,
  body: unknown,
  more: Readonly<Record<string, string>> = {},
): RequestInit {
  const headers = { [CSRF_HEADER]: '1', ...more };
  if (body === undefined) return { method, headers };
  return {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

async function send(path: string, request: RequestInit): Promise<Required<Answer>> {
  try {
    const answer = await fetch(`/api/v1${path}`, request);
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
    const retryAt = Number.isFinite(seconds) ? Date.now() + seconds * 1000 : null;
    return { status: answer.status, body: await answer.text(), retryAt };
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
