import { type Asked, found, idOf, notKnown, type Probe, type Said } from '../answer.ts';
import { NoAnswer, noAnswer } from '../connect.ts';
import { cookiesOf, disclosedVersion, isHeaderCheck, isHstsCheck, lacksHeader } from './headers.ts';
import { matches, mayRepeat, readStoredRequest } from './stored-request.ts';
import { isRedirect, locationOf, type Page, type WebResponse, WebServer } from './web-server.ts';

/**
 * Headers, cookies and stored requests of a web server. A locus begins with the path that is asked ("" is "/");
 * what one page says holds for that page.
 */
export const probeHttp: Probe = async ({ transport, port }, asked, target) => {
  if (transport !== 'tcp') return asked.map((one) => notKnown(one, 'HTTP is looked for over TCP only'));
  const web = new RememberedWeb(new WebServer(target, port), target.host);
  const said: Said[] = [];
  for (const one of asked) {
    try {
      said.push(await answerTo(web, one));
    } catch (error) {
      const { message, reason } = noAnswer(error);
      said.push(notKnown(one, message, reason));
    }
  }
  return said;
};

/** Asks for each path once. */
class RememberedWeb {
  readonly server: WebServer;
  readonly host: string;
  readonly #pages = new Map<string, Promise<Page>>();

  constructor(server: WebServer, host: string) {
    this.server = server;
    this.host = host;
  }

  page(path: string): Promise<Page> {
    const page = this.#pages.get(path) ?? this.server.page(path);
    this.#pages.set(path, page);
    return page;
  }
}

/** COVERAGE 5.9: a filter before the server answers with these, whatever the server would have said. */
const KEPT_OUT = [403, 406, 429, 503];

function notBlocked(response: WebResponse): WebResponse {
  const { status } = response;
  if (KEPT_OUT.includes(status))
    throw new NoAnswer('BLOCKED', `the server answers ${status}`, { answered: true });
  return response;
}

/** The server failed; 400 to an ordinary request is also what a server of HTTPS says to one who does not speak TLS. */
const saysNothing = ({ status }: WebResponse): boolean => status >= 500 || status === 400;

async function answerTo(web: RememberedWeb, asked: Asked): Promise<Said> {
  const id = idOf(asked);
  if (id === 'stored-request') return replay(web, asked);
  const [path = '', detail = ''] = asked.locus.split('#');
  if (path !== '' && !/^\/[!-~]*$/.test(path)) return notKnown(asked, 'the locus is not a path');
  const page = await web.page(path === '' ? '/' : path);
  notBlocked(page.first);
  if (id === 'no-redirect-to-https') return plainSaid(web, asked, page.first);
  const last = page.last === null ? null : notBlocked(page.last);
  if (last !== null && saysNothing(last)) return notKnown(asked, `the server answers ${last.status}`);
  if (isHeaderCheck(id)) return headerSaid(web, asked, page);
  if (id === 'version-disclosed') return versionSaid(asked, page.first, detail);
  if (id.startsWith('cookie-without-'))
    return cookieSaid(asked, [page.first, ...(last === null ? [] : [last])], detail);
  return notKnown(asked, 'there is no such check');
}

async function headerSaid(web: RememberedWeb, asked: Asked, page: Page): Promise<Said> {
  if (isHstsCheck(idOf(asked)) && (await web.server.scheme()) !== 'https')
    return notKnown(asked, 'without TLS the header means nothing (RFC 6797 section 7.2)');
  const lacks = lacksHeader(idOf(asked), page);
  return lacks === undefined ? notKnown(asked, 'the page redirects to another origin') : found(asked, lacks);
}

async function plainSaid(web: RememberedWeb, asked: Asked, first: WebResponse): Promise<Said> {
  if ((await web.server.scheme()) !== 'http') return notKnown(asked, 'the port speaks TLS');
  if (saysNothing(first)) return notKnown(asked, `the server answers ${first.status}`);
  const next = isRedirect(first) ? locationOf(first, new URL(`http://${hostOf(web.host)}/`)) : null;
  return found(asked, !(next?.protocol === 'https:' && next.hostname === hostOf(web.host)));
}

const hostOf = (host: string): string => (host.includes(':') ? `[${host}]` : host.toLowerCase());

/** `detail`: the header; the three that tell versions where none is named. */
function versionSaid(asked: Asked, first: WebResponse, detail: string): Said {
  const headers = detail === '' ? ['server', 'x-powered-by', 'x-aspnet-version'] : [detail.toLowerCase()];
  const told = headers.map((header) => disclosedVersion(first, header)).find((one) => one !== undefined);
  return told === undefined ? found(asked, false) : found(asked, true, told.slice(0, 200));
}

/** A cookie that is not set this time is not a cookie with its flags. */
function cookieSaid(asked: Asked, responses: readonly WebResponse[], name: string): Said {
  const flag = idOf(asked).slice('cookie-without-'.length);
  if (flag !== 'secure' && flag !== 'httponly' && flag !== 'samesite')
    return notKnown(asked, 'there is no such check');
  const cookies = responses.flatMap(cookiesOf).filter((cookie) => name === '' || cookie.name === name);
  if (cookies.length === 0) return notKnown(asked, 'the server sets no such cookie');
  const bare = cookies.find((cookie) => !cookie[flag]);
  return bare === undefined ? found(asked, false) : found(asked, true, bare.name.slice(0, 100));
}

/**
 * Before and after it an ordinary page must come back, or else a filter may have learned to know the request.
 */
async function replay({ server }: RememberedWeb, asked: Asked): Promise<Said> {
  const stored = readStoredRequest(asked.locus);
  if (stored === null) return notKnown(asked, 'the stored request cannot be read');
  if (!mayRepeat(stored)) return notKnown(asked, `${stored.method} is not marked as safe to repeat`);
  const before = notBlocked(await server.ask({ method: 'GET', target: '/' }));
  if (saysNothing(before))
    return notKnown(asked, `the server answers ${before.status} to an ordinary request`);
  const response = await server.ask(stored);
  const there = matches(stored, response);
  if (there === true) return found(asked, true, `the answer is ${response.status}, as when it was found`);
  if (there === undefined) return notKnown(asked, 'the answer cannot be read to its end');
  notBlocked(response);
  if (response.status >= 500) return notKnown(asked, `the server answers ${response.status}`);
  const after = await server.ask({ method: 'GET', target: '/' });
  if (after.status !== before.status)
    return notKnown(
      asked,
      `the server answered ${before.status} before and ${after.status} after it`,
      'BLOCKED',
    );
  return found(asked, false, `the answer is ${response.status}`);
}
