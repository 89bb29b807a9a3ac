import type { Page, WebResponse } from './web-server.ts';

const values = ({ headers }: WebResponse, name: string): readonly string[] =>
  (headers[name] ?? []).map((value) => value.trim()).filter((value) => value !== '');

/** Seconds of RFC 6797 section 6.1.1; null where the header is missing or cannot be read. Only the first one counts (8.1). */
function hstsSeconds(response: WebResponse): number | null {
  const [written = ''] = values(response, 'strict-transport-security');
  const seconds = /(?:^|;)\s*max-age\s*=\s*"?(\d{1,12})"?\s*(?:;|$)/i.exec(written)?.[1];
  return seconds === undefined ? null : Number(seconds);
}

/** Directives of each policy: CSP level 3 section 2.2.1. The first of a name counts. */
function policies(response: WebResponse): readonly ReadonlyMap<string, readonly string[]>[] {
  const written = values(response, 'content-security-policy').flatMap((value) => value.split(','));
  return written
    .filter((one) => one.trim() !== '')
    .map((one) => {
      const directives = one.split(';').map((part) => part.trim().toLowerCase().split(/\s+/));
      return new Map(directives.reverse().map(([name = '', ...sources]) => [name, sources] as const));
    });
}

/** Whether it lets scripts of anybody run. All policies hold together, so one that does not is enough. */
function lacksScriptPolicy(policy: ReadonlyMap<string, readonly string[]>): boolean {
  const sources = policy.get('script-src') ?? policy.get('default-src');
  if (sources === undefined) return true;
  // With a nonce or a hash browsers ignore 'unsafe-inline' (CSP level 3 section 6.7.3.2).
  const named = sources.some((one) => /^'(?:nonce-|sha(?:256|384|512)-|strict-dynamic')/.test(one));
  return sources.some(
    (one) =>
      ['*', 'http:', 'https:', 'data:', "'unsafe-eval'"].includes(one) ||
      (one === "'unsafe-inline'" && !named),
  );
}

const isFramed = (response: WebResponse): boolean =>
  values(response, 'x-frame-options').some((value) => /^(?:deny|sameorigin)$/i.test(value)) ||
  policies(response).some((policy) => policy.has('frame-ancestors'));

/** The last token that browsers know counts (Referrer Policy section 8.1). */
function referrerPolicy(response: WebResponse): string | undefined {
  const known =
    /^(?:no-referrer|no-referrer-when-downgrade|same-origin|origin|strict-origin|origin-when-cross-origin|strict-origin-when-cross-origin|unsafe-url)$/;
  const tokens = values(response, 'referrer-policy').flatMap((value) => value.toLowerCase().split(','));
  return tokens
    .map((one) => one.trim())
    .filter((one) => known.test(one))
    .at(-1);
}

const LEAKY = ['unsafe-url', 'no-referrer-when-downgrade'];

/** 180 days, as testssl.sh and most guides want it. */
const LONG_ENOUGH = 15_552_000;

/** Whether a response lacks it. The header is looked for where a browser ends up. */
const LACKS: Readonly<Record<string, (response: WebResponse) => boolean>> = {
  'content-security-policy': (response) => policies(response).length === 0,
  'weak-content-security-policy': (response) => policies(response).every(lacksScriptPolicy),
  'x-frame-options': (response) => !isFramed(response),
  'x-content-type-options': (response) =>
    !values(response, 'x-content-type-options').some((value) => /^nosniff$/i.test(value)),
  'referrer-policy': (response) => referrerPolicy(response) === undefined,
  'weak-referrer-policy': (response) => LEAKY.includes(referrerPolicy(response) ?? 'unsafe-url'),
};

/** Every response over TLS must have it, the redirect as well as the page. */
const LACKS_HSTS: Readonly<Record<string, (response: WebResponse) => boolean>> = {
  hsts: (response) => (hstsSeconds(response) ?? 0) === 0,
  'weak-hsts': (response) => (hstsSeconds(response) ?? 0) < LONG_ENOUGH,
};

export const isHstsCheck = (id: string): boolean => Object.hasOwn(LACKS_HSTS, id);
export const isHeaderCheck = (id: string): boolean => isHstsCheck(id) || Object.hasOwn(LACKS, id);

/** Whether the header is missing or too weak; undefined where the page was not seen. */
export function lacksHeader(id: string, { first, last }: Page): boolean | undefined {
  const everywhere = LACKS_HSTS[id];
  if (everywhere !== undefined) return everywhere(first) || (last !== null && everywhere(last));
  return last === null ? undefined : LACKS[id]?.(last);
}

/** Product and version in a header that tells them: "Apache/2.4.57 (Debian)". */
export function disclosedVersion(response: WebResponse, header: string): string | undefined {
  return values(response, header).find((value) => /\d+\.\d+/.test(value));
}

export interface CookieFlags {
  readonly name: string;
  readonly secure: boolean;
  readonly httponly: boolean;
  readonly samesite: boolean;
}

/** RFC 6265 section 4.1.1, and SameSite of its successor: "None" protects nothing. */
export function cookiesOf({ headers }: WebResponse): readonly CookieFlags[] {
  return (headers['set-cookie'] ?? []).map((line) => {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const has = (pattern: RegExp): boolean => attributes.some((one) => pattern.test(one));
    return {
      name: pair.split('=')[0] ?? '',
      secure: has(/^secure$/i),
      httponly: has(/^httponly$/i),
      samesite: has(/^samesite\s*=\s*(?:lax|strict)$/i),
    };
  });
}
