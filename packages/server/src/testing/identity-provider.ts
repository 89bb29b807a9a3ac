import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

/** What the provider says of one person. */
export interface Identity {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

/** A real OpenID provider on loopback, which signs in whoever is said to sit at the browser without asking. */
export interface IdentityProvider {
  readonly issuer: string;
  /** By subject. */
  readonly people: Map<string, Identity>;
  /** Who sits at the browser: whoever comes to the provider from now on is signed in as this one. */
  meets(subject: string): void;
  /** Follows the way from our server's redirect to the provider's answer, as somebody's browser would. */
  signIn(url: string, subject: string): Promise<URL>;
  stop(): Promise<void>;
}

export const CLIENT = { id: 'backcheck', secret: 'known to both' };

export async function startIdentityProvider(callback: string): Promise<IdentityProvider> {
  const people = new Map<string, Identity>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, configuration(people, callback));
  let subject = '';
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    // The page where a person would type a name and a password, and then agree.
    if (!request.url?.startsWith('/interaction/')) return answer(request, response);
    const details = await provider.interactionDetails(request, response);
    const { prompt, params, grantId } = details;
    if (prompt.name === 'login') {
      const login = { login: { accountId: subject } };
      return provider.interactionFinished(request, response, login, { mergeWithLastSubmission: false });
    }
    const session = { accountId: details.session?.accountId, clientId: String(params['client_id']) };
    const grant = grantId === undefined ? new provider.Grant(session) : await provider.Grant.find(grantId);
    grant?.addOIDCScope('openid email profile');
    const consent = { consent: { grantId: await grant?.save() } };
    return provider.interactionFinished(request, response, consent, { mergeWithLastSubmission: true });
  });
  return {
    issuer,
    people,
    meets: (who) => {
      subject = who;
    },
    signIn: async (url, who) => {
      subject = who;
      return followTo(url, callback);
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function configuration(people: Map<string, Identity>, callback: string): Configuration {
  return {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [callback] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: async (_context, accountId) => ({
      accountId,
      claims: async () => ({ sub: accountId, ...people.get(accountId) }),
    }),
  };
}

async function followTo(start: string, callback: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = new URL(start);
  for (let steps = 0; steps < 20; steps += 1) {
    if (url.href.startsWith(callback)) return url;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const one of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (one.split(';')[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`The provider answers ${answer.status}: ${await answer.text()}`);
    url = new URL(location, url);
  }
  throw new Error('The provider sends the browser in a circle');
}
