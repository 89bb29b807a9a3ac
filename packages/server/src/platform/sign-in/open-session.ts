import { ensureAuthUser } from '@backcheck/db';
import type { SignIn } from './sign-in.ts';

/**
 * Opens a session for an account that proved otherwise who it is, and returns its `Set-Cookie` values. Null when the
 * account is disabled or gone.
 */
export async function openSession(
  { pool, auth }: Pick<SignIn, 'pool' | 'auth'>,
  accountId: number,
  headers: Headers,
): Promise<string[] | null> {
  const userId = await ensureAuthUser(pool, accountId);
  if (userId === null) return null;
  const answer = await auth.api.openSession({ body: { userId }, headers, returnHeaders: true });
  return answer.response.opened ? answer.headers.getSetCookie() : null;
}
