/** The system's code of an error or of what caused it ("ECONNREFUSED"); empty where it has none. */
export function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (typeof code === 'string') return code;
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? codeOf(cause) : '';
}
