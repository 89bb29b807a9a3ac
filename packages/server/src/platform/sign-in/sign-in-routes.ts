import { SecondStep, SignedIn, SignIn, WaysToSignIn } from '@backcheck/contract';
import { type AccountKey, findAccount, useCodeOnce } from '@backcheck/db';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nameTyped } from '../audit/record.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../parts.ts';
import { Problem } from '../problem.ts';
import { askAuth, headersFor } from './ask-auth.ts';
import type { SignIn as SignInParts } from './sign-in.ts';
import { countGuess } from './throttle.ts';
import { hashOf } from './tokens.ts';

const TAGS = ['Sign-in'];

export function signInRoutes(app: App, parts: Parts): void {
  const { signIn } = parts;
  app.get(
    '/sign-in',
    {
      config: { access: 'anyone' },
      schema: {
        tags: TAGS,
        security: [],
        summary: 'What the page for signing in offers',
        response: { 200: WaysToSignIn, ...PROBLEM_RESPONSES },
      },
    },
    async () => ({ singleSignOn: signIn.singleSignOn !== null, passwordReset: signIn.mailer !== null }),
  );

  app.post(
    '/sign-in',
    {
      config: { access: 'anyone', audited: 'sign-in' },
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Sign in with address and password; sets the session cookie unless a second factor is on',
        body: SignIn,
        response: { 200: SignedIn, ...PROBLEM_RESPONSES },
      },
    },
    (request, reply) => withPassword(parts, { request, reply, ...request.body }),
  );

  app.post(
    '/sign-in/two-factor',
    {
      config: { access: 'anyone', audited: 'sign-in' },
      schema: {
        tags: TAGS,
        security: [],
        summary: 'The second step: a code of the authenticator, or a recovery code',
        body: SecondStep,
        response: { 200: SignedIn, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { body } = request;
      if ('code' in body) await withCode(parts, { request, reply, code: body.code });
      else await withRecoveryCode(parts, { request, reply, code: body.recoveryCode });
      return { next: 'signed-in' as const };
    },
  );
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** An address without an account takes as long: better-auth hashes the password all the same. */
export async function withPassword(
  { signIn: { auth, pool, secret }, clock }: Pick<Parts, 'signIn' | 'clock'>,
  { request, reply, email, password }: Exchange & { readonly email: string; readonly password: string },
): Promise<SignedIn> {
  request.audit.details = { name: nameTyped(email) };
  const guess = await countGuess({ pool, secret, now: clock(), request, reply }, email);
  const answer = await askAuth(
    auth.api.signInEmail({ body: { email, password }, headers: headersFor(request), returnHeaders: true }),
    reply,
  );
  await guess.succeeded();
  const next = 'twoFactorRedirect' in answer ? 'two-factor' : 'signed-in';
  await noteWho(pool, request, { email });
  request.audit.details = { next };
  return { next };
}

/** Without the cookie of a session that holds: better-auth would check the code of that one's account. */
function headersForSecondStep(request: FastifyRequest): Headers {
  const headers = headersFor(request);
  const cookies = (request.headers.cookie ?? '')
    .split(/;\s*/)
    .filter((one) => one.startsWith('backcheck.two_factor='));
  headers.set('cookie', cookies.join('; '));
  return headers;
}

async function withCode(
  { signIn: { auth, pool }, clock }: Parts,
  { request, reply, code }: Exchange & { readonly code: string },
): Promise<void> {
  const headers = headersForSecondStep(request);
  const { user, token } = await askAuth(
    auth.api.verifyTOTP({ body: { code }, headers, returnHeaders: true }),
    reply,
  );
  await noteWho(pool, request, { authUserId: user.id });
  if (await useCodeOnce(pool, { authUserId: user.id, hash: hashOf(code), now: clock() })) return;
  await (await auth.$context).internalAdapter.deleteSession(token);
  reply.removeHeader('set-cookie');
  throw new Problem('TWO_FACTOR_CODE_WRONG');
}

async function withRecoveryCode(
  { signIn: { auth, pool } }: Parts,
  { request, reply, code }: Exchange & { readonly code: string },
): Promise<void> {
  const headers = headersForSecondStep(request);
  const { user } = await askAuth(
    auth.api.verifyBackupCode({ body: { code }, headers, returnHeaders: true }),
    reply,
  );
  await noteWho(pool, request, { authUserId: user.id });
  request.audit.details = { recoveryCode: true };
}

/** For the audit log: nobody was signed in when the request came. */
export async function noteWho(
  pool: SignInParts['pool'],
  request: FastifyRequest,
  key: AccountKey,
): Promise<void> {
  const account = await findAccount(pool, key);
  if (account !== null) request.audit.account = { accountId: account.accountId, name: account.name };
}

/** For operations that ask a signed-in person for the password again. */
export async function checkPassword<T>(
  { signIn: { pool, secret }, clock }: Pick<Parts, 'signIn' | 'clock'>,
  { request, reply, authUserId }: Exchange & { readonly authUserId: string },
  work: () => Promise<T>,
): Promise<T> {
  const account = await findAccount(pool, { authUserId });
  const guess = await countGuess(
    { pool, secret, now: clock(), request, reply },
    account?.email ?? authUserId,
  );
  const result = await work();
  await guess.succeeded();
  return result;
}
