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

/** Reads an answer's body; throws a Refusal for problem+json. Shared with uploads, which do not use fetch. */
export function readAnswer<T>(shape: Shape<T>, status: number, body: string): T {
  if (status >= 200 && status < 300) return shape.parse(JSON.parse(body));
  const problem = ProblemDocument.safeParse(parsedOrNull(body));
  if (problem.success) throw new Refusal(problem.data);
  throw new Error(`HTTP ${status}`);
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
  const answer = await fetch(`/api/v1${path}`, signal === undefined ? {} : { signal });
  return readAnswer(shape, answer.status, await answer.text());
}

export async function post<T>(shape: Shape<T>, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`/api/v1${path}`, {
    method: 'POST',
    headers: { [CSRF_HEADER]: '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return readAnswer(shape, answer.status, await answer.text());
}

/** `?a=1&b=2` without what is undefined or empty; `` when nothing is left. */
export function queryString(values: Readonly<Record<string, string | number | undefined>>): string {
  const filled = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(filled.map(([key, value]) => [key, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}
