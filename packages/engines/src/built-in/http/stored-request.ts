import type { WebRequest, WebResponse } from './web-server.ts';

/** A request that showed a weakness once, and what its answer looks like as long as the weakness is there. */
export interface StoredRequest extends WebRequest {
  /** "200", "5xx" or "*". */
  readonly status: string;
  /** Text in the body; "*" in it stands for anything, "\*" for a star. Empty: any body. */
  readonly match: string;
  /** Somebody made sure that repeating it changes nothing. */
  readonly safe: boolean;
}

/** RFC 9110 section 9.2.1: these ask for no change. */
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];
const LONGEST = 4000;

/**
 * The canonical text is the locus of the finding:
 * `GET /search?q=%27 200 "SQL syntax*MySQL"`, and with a body `POST /search 5xx "SQL syntax" safe "q=%27"`.
 * The quoted parts are JSON strings. Null for anything that is not written exactly so.
 */
export function readStoredRequest(text: string): StoredRequest | null {
  if (text.length > LONGEST) return null;
  const [, method = '', target = '', status = '', rest = ''] =
    /^([A-Z]{3,12}) (\/[!-~]*) ([1-5]\d\d|[1-5]xx|\*) (".*)$/.exec(text) ?? [];
  const [, quoted = '', safe, body] =
    /^("(?:[^"\\]|\\.)*")(?: (safe)(?: ("(?:[^"\\]|\\.)*"))?)?$/.exec(rest) ?? [];
  const match = unquoted(quoted);
  const sent = body === undefined ? undefined : unquoted(body);
  if (match === null || sent === null || target.includes('#')) return null;
  const stored = {
    method,
    target,
    status,
    match,
    safe: safe !== undefined,
    ...(sent === undefined ? {} : { body: sent }),
  };
  return writeStoredRequest(stored) === text ? stored : null;
}

export function writeStoredRequest({ method, target, status, match, safe, body }: StoredRequest): string {
  const head = `${method} ${target} ${status} ${JSON.stringify(match)}`;
  if (!safe) return head;
  return body === undefined ? `${head} safe` : `${head} safe ${JSON.stringify(body)}`;
}

function unquoted(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

/** Whether it may be repeated without anybody's word, or has that word. */
export const mayRepeat = ({ method, safe }: StoredRequest): boolean => safe || SAFE_METHODS.includes(method);

/** Undefined when it cannot be told, because the text may stand where the body could not be read. */
export function matches({ status, match }: StoredRequest, response: WebResponse): boolean | undefined {
  if (!matchesStatus(status, response.status)) return false;
  if (containsInOrder(response.body, match)) return true;
  if (response.legible === 'part') return undefined;
  return response.legible === 'ascii' && /[^\p{ASCII}]/u.test(match) ? undefined : false;
}

const matchesStatus = (pattern: string, status: number): boolean =>
  pattern === '*' || (pattern.endsWith('xx') ? pattern[0] === String(status)[0] : pattern === String(status));

/** The parts between stars, one after the other: linear in the body, whatever the pattern. */
function containsInOrder(body: string, pattern: string): boolean {
  let from = 0;
  for (const part of partsOf(pattern)) {
    const at = body.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

function partsOf(pattern: string): readonly string[] {
  return pattern.split(/(?<!\\)\*/).map((part) => part.replaceAll('\\*', '*'));
}
