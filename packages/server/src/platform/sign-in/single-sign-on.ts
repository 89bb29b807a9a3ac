import { createHash } from 'node:crypto';
import { acceptInvitation, findOpenInvitation } from '@backcheck/db';
import type { GenericOAuthConfig } from 'better-auth/plugins';
import { z } from 'zod';
import { Problem } from '../problem.ts';
import { type Auth, type AuthSettings, makeAuth } from './auth.ts';

/** OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636). */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client, which PKCE alone protects. */
  readonly clientSecret: string | null;
  /** Addresses count although the provider does not call them verified: it hands them out itself. */
  readonly trustAddress: boolean;
}

export const CALLBACK_PATH = '/api/v1/sign-in/single-sign-on/callback';
const TIMEOUT = 10_000;
const LARGEST_ANSWER = 1_000_000;

/** Discovery 1.0 section 3; the fields that we use. */
const Discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  userinfo_endpoint: z.url().optional(),
  jwks_uri: z.url(),
  id_token_signing_alg_values_supported: z.array(z.string()).min(1),
});
type Discovery = z.infer<typeof Discovery>;

const Claims = z.object({
  sub: z.string().min(1).max(255),
  azp: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  email: z.string().optional(),
  email_verified: z.union([z.boolean(), z.string()]).optional(),
  name: z.string().optional(),
});
type Claims = z.infer<typeof Claims>;

/**
 * Sign-in by an identity provider. better-auth reads the provider's configuration once, when it is made, and leaves a
 * provider out that does not answer then; so it is made here at the first use, and again after a failure.
 */
export class SingleSignOn {
  readonly providerId: string;
  readonly #settings: AuthSettings;
  readonly #oidc: OidcSettings;
  #auth: Promise<Auth> | null = null;

  constructor(settings: AuthSettings, oidc: OidcSettings) {
    this.#settings = settings;
    this.#oidc = oidc;
    // An identity is a subject of one issuer: another issuer must not inherit the identities of the one before.
    this.providerId = `oidc-${createHash('sha256').update(oidc.issuer).digest('hex').slice(0, 16)}`;
  }

  /** @throws Problem SINGLE_SIGN_ON_UNREACHABLE */
  async auth(): Promise<Auth> {
    this.#auth ??= this.#connect();
    try {
      return await this.#auth;
    } catch (error) {
      this.#auth = null;
      this.#settings.log.error({ err: error }, 'the identity provider cannot be used');
      throw new Problem('SINGLE_SIGN_ON_UNREACHABLE');
    }
  }

  async #connect(): Promise<Auth> {
    const discovery = await discover(this.#oidc.issuer);
    const auth = makeAuth(this.#settings, [this.#provider(discovery)]);
    const { socialProviders } = await auth.$context;
    if (!socialProviders.some(({ id }) => id === this.providerId))
      throw new Error('It was left out by better-auth');
    return auth;
  }

  #provider(discovery: Discovery): GenericOAuthConfig {
    const { clientId, clientSecret } = this.#oidc;
    return {
      providerId: this.providerId,
      clientId,
      ...(clientSecret === null ? {} : { clientSecret }),
      discoveryUrl: discoveryUrl(this.#oidc.issuer),
      redirectURI: `${this.#settings.publicUrl}${CALLBACK_PATH}`,
      scopes: ['openid', 'email', 'profile'],
      pkce: true,
      requireIdTokenVerification: true,
      disableSignUp: true,
      getUserInfo: async ({ idToken, accessToken }) => this.#userOf(discovery, { idToken, accessToken }),
    };
  }

  /** Called after better-auth has checked signature, issuer, audience, end and nonce of the identity token. */
  async #userOf(
    { userinfo_endpoint }: Discovery,
    {
      idToken,
      accessToken,
    }: { readonly idToken: string | undefined; readonly accessToken: string | undefined },
  ) {
    const token = Claims.safeParse(payloadOf(idToken ?? ''));
    if (!token.success || !isForUs(token.data, this.#oidc.clientId)) return null;
    let claims = token.data;
    if (claims.email === undefined && userinfo_endpoint !== undefined && accessToken !== undefined) {
      const more = Claims.parse(
        await fetchJson(userinfo_endpoint, { authorization: `Bearer ${accessToken}` }),
      );
      // Core section 5.3.2: otherwise somebody else's answer could be put in its place.
      if (more.sub !== claims.sub) return null;
      claims = more;
    }
    const email = z.email().max(254).safeParse(claims.email?.toLowerCase()).data;
    const verified = this.#oidc.trustAddress || String(claims.email_verified) === 'true';
    if (email !== undefined && verified) await this.#acceptInvitation(email);
    return {
      id: claims.sub,
      sub: claims.sub,
      email: email ?? null,
      emailVerified: verified,
      name: claims.name ?? '',
    };
  }

  /** Whoever owns the invited address need not open the mail. */
  async #acceptInvitation(email: string): Promise<void> {
    const { pool } = this.#settings;
    const now = new Date();
    const invitation = await findOpenInvitation(pool, { email }, now);
    if (invitation === null) return;
    await acceptInvitation(pool, invitation.invitationId, { passwordHash: null, now });
  }
}

const discoveryUrl = (issuer: string) => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;

async function discover(issuer: string): Promise<Discovery> {
  const discovery = Discovery.parse(await fetchJson(discoveryUrl(issuer), {}));
  // Discovery section 4.3: otherwise a provider could speak in the name of another one.
  if (discovery.issuer !== issuer) throw new Error(`It calls itself ${discovery.issuer} and not ${issuer}`);
  const endpoints = [discovery.authorization_endpoint, discovery.token_endpoint, discovery.jwks_uri];
  if (issuer.startsWith('https:') && !endpoints.every((one) => one.startsWith('https:'))) {
    throw new Error('It sends secrets over plain http');
  }
  return discovery;
}

async function fetchJson(url: string, headers: Record<string, string>): Promise<unknown> {
  const answer = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  const text = await answer.text();
  if (text.length > LARGEST_ANSWER) throw new Error(`${url} answers with ${text.length} characters`);
  return JSON.parse(text);
}

/** Core section 3.1.3.7, number 4: a token for several clients names the one it was made for. */
const isForUs = ({ aud, azp }: Claims, clientId: string): boolean =>
  azp === undefined ? !Array.isArray(aud) || aud.length === 1 : azp === clientId;

function payloadOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  } catch {
    return null;
  }
}
