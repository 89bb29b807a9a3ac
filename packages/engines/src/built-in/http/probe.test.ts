import { createServer, type RequestListener } from 'node:http';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ask, said } from '../ask.fixture.ts';
import {
  matches,
  mayRepeat,
  readStoredRequest,
  type StoredRequest,
  writeStoredRequest,
} from './stored-request.ts';

/** What our probes say of a web server, without the prefix of the checks. */
async function judged(listener: RequestListener, ...checks: string[]): Promise<string[]> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  try {
    const facts = await ask({
      port,
      checks: checks.map((check) => `backcheck-http:${check}`),
      patienceMs: 2000,
    });
    return said(facts).map((one) => one.replace('backcheck-http:', ''));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const page =
  (headers: Record<string, string | string[]>, status = 200): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end('<title>lab</title>');
  };

describe('headers', () => {
  it.each([
    ['content-security-policy', { 'content-security-policy': "default-src 'self'" }, 'absent'],
    ['content-security-policy', { 'content-security-policy': '' }, 'present'],
    ['weak-content-security-policy', { 'content-security-policy': "default-src 'self'" }, 'absent'],
    [
      'weak-content-security-policy',
      { 'content-security-policy': "script-src 'self' 'unsafe-inline'" },
      'present',
    ],
    [
      'weak-content-security-policy',
      { 'content-security-policy': "script-src 'nonce-abc' 'unsafe-inline'" },
      'absent',
    ],
    ['weak-content-security-policy', { 'content-security-policy': 'img-src *' }, 'present'],
    [
      'weak-content-security-policy',
      { 'content-security-policy': ['script-src *', "script-src 'self'"] },
      'absent',
    ],
    ['x-frame-options', { 'x-frame-options': 'SAMEORIGIN' }, 'absent'],
    ['x-frame-options', { 'x-frame-options': 'ALLOWALL' }, 'present'],
    ['x-frame-options', { 'content-security-policy': "frame-ancestors 'none'" }, 'absent'],
    ['x-content-type-options', { 'x-content-type-options': 'nosniff' }, 'absent'],
    ['x-content-type-options', { 'x-content-type-options': 'sniff' }, 'present'],
    ['referrer-policy', { 'referrer-policy': 'no-referrer' }, 'absent'],
    ['weak-referrer-policy', { 'referrer-policy': 'no-referrer, unsafe-url' }, 'present'],
    ['weak-referrer-policy', { 'referrer-policy': 'unsafe-url, strict-origin' }, 'absent'],
    ['version-disclosed', { server: 'Apache/2.4.57 (Debian)' }, 'present'],
    ['version-disclosed', { server: 'Apache' }, 'absent'],
    ['hsts', { 'strict-transport-security': 'max-age=31536000' }, 'error'],
  ])('%s with %j is %s', async (check, headers, verdict) => {
    expect(await judged(page(headers), check)).toEqual([`${check} ${verdict}`]);
  });

  it('of a page that a filter keeps us from say nothing', async () => {
    for (const status of [403, 406, 429, 503])
      expect(await judged(page({}, status), 'x-frame-options')).toEqual(['x-frame-options E0 BLOCKED']);
    for (const status of [400, 500]) {
      const answers = await judged(page({ 'x-frame-options': 'DENY' }, status), 'x-frame-options');
      expect(answers).toEqual(['x-frame-options error']);
    }
  });

  it('are looked for where the redirects of the server end, and never at another origin', async () => {
    const own: RequestListener = (request, response) =>
      request.url === '/'
        ? page({ location: '/home' }, 302)(request, response)
        : page({ 'x-frame-options': 'DENY' })(request, response);
    expect(await judged(own, 'x-frame-options')).toEqual(['x-frame-options absent']);
    const foreign = page({ location: 'http://127.0.0.2/', 'x-frame-options': 'DENY' }, 302);
    expect(await judged(foreign, 'x-frame-options')).toEqual(['x-frame-options error']);
    expect(await judged(page({ location: '/' }, 301), 'x-frame-options')).toEqual(['x-frame-options error']);
  });
});

describe('cookies', () => {
  const cookies = page({ 'set-cookie': ['sid=1; Secure; HttpOnly; SameSite=Lax', 'lang=zh; SameSite=None'] });

  it('are judged one by one, or all together', async () => {
    expect(await judged(cookies, 'cookie-without-secure /#sid', 'cookie-without-httponly /#lang')).toEqual([
      'cookie-without-secure /#sid absent',
      'cookie-without-httponly /#lang present',
    ]);
    expect(await judged(cookies, 'cookie-without-samesite')).toEqual(['cookie-without-samesite present']);
  });

  it('that are not set this time are no cookies with their flags', async () => {
    expect(await judged(page({}), 'cookie-without-secure /#sid')).toEqual([
      'cookie-without-secure /#sid error',
    ]);
  });
});

describe('an unencrypted server', () => {
  it('must send its visitors to HTTPS', async () => {
    const to = (location: string) => judged(page({ location }, 301), 'no-redirect-to-https');
    expect(await to('https://127.0.0.1/')).toEqual(['no-redirect-to-https absent']);
    expect(await to('http://127.0.0.1/x')).toEqual(['no-redirect-to-https present']);
    expect(await to('https://www.example.org/')).toEqual(['no-redirect-to-https present']);
    expect(await judged(page({}), 'no-redirect-to-https')).toEqual(['no-redirect-to-https present']);
    // a server of HTTPS with which we could not shake hands
    expect(await judged(page({}, 400), 'no-redirect-to-https')).toEqual(['no-redirect-to-https error']);
  });
});

describe('a stored request', () => {
  const asked = 'stored-request GET /item?id=%27 200 "SQL syntax*MySQL"';
  const answers =
    (body: string, status = 200): RequestListener =>
    (request, response) =>
      void response.writeHead(request.url === '/' ? 200 : status).end(request.url === '/' ? 'home' : body);

  it('is still present while its answer is the same, and gone when the server answers otherwise', async () => {
    expect(await judged(answers('error in your SQL syntax near MySQL'), asked)).toEqual([`${asked} present`]);
    expect(await judged(answers('nothing found'), asked)).toEqual([`${asked} absent`]);
    expect(await judged(answers('gone', 404), asked)).toEqual([`${asked} absent`]);
  });

  it('that a filter answers, or a server that fails, proves nothing', async () => {
    expect(await judged(answers('blocked', 403), asked)).toEqual([`${asked} E0 BLOCKED`]);
    expect(await judged(answers('oops', 500), asked)).toEqual([`${asked} error`]);
    expect(await judged(answers('x'.repeat(300_000)), asked)).toEqual([`${asked} error`]);
    // a server of HTTPS with which we could not shake hands says so to everything
    expect(await judged(page({}, 400), asked)).toEqual([`${asked} error`]);
    let locked = false;
    const learning: RequestListener = (request, response) => {
      response.writeHead(locked ? 401 : 200).end();
      locked ||= request.url !== '/';
    };
    expect(await judged(learning, asked)).toEqual([`${asked} E0 BLOCKED`]);
  });

  it('is looked for in the character set of the page, and not in a packed one', async () => {
    const chinese = 'stored-request GET /item 200 "数据库错误"';
    const gbk = Buffer.from('cafdbedd bfe2 b4ed cef3'.replaceAll(' ', ''), 'hex');
    const page =
      (headers: Record<string, string>, body: Buffer | string): RequestListener =>
      (_, response) =>
        void response.writeHead(200, headers).end(body);
    const meta = Buffer.concat([Buffer.from('<meta charset="gbk">'), gbk]);
    expect(await judged(page({ 'content-type': 'text/html; charset=GBK' }, gbk), chinese)).toEqual([
      `${chinese} present`,
    ]);
    expect(await judged(page({ 'content-type': 'text/html' }, meta), chinese)).toEqual([
      `${chinese} present`,
    ]);
    expect(await judged(page({ 'content-type': 'text/html' }, gbk), chinese)).toEqual([`${chinese} error`]);
    expect(await judged(page({ 'content-type': 'text/html; charset=x-unknown' }, gbk), chinese)).toEqual([
      `${chinese} error`,
    ]);
    expect(await judged(page({ 'content-encoding': 'gzip' }, 'packed'), chinese)).toEqual([
      `${chinese} error`,
    ]);
    expect(await judged(page({}, 'sound'), chinese)).toEqual([`${chinese} absent`]);
  });

  it('that changes something is only repeated where somebody said that it is safe', async () => {
    const seen: string[] = [];
    const listener: RequestListener = (request, response) => {
      if (request.method === 'POST') seen.push(request.url ?? '');
      response.end('leak');
    };
    const post = 'stored-request POST /search 200 "leak"';
    expect(await judged(listener, post)).toEqual([`${post} error`]);
    expect(seen).toEqual([]);
    expect(await judged(listener, `${post} safe "q=1"`)).toEqual([`${post} safe "q=1" present`]);
    expect(seen).toEqual(['/search']);
  });

  const text = fc.string({ maxLength: 40 });
  const stored = fc.record({
    method: fc.constantFrom('GET', 'POST', 'DELETE'),
    target: fc.webPath().map((path) => (path.startsWith('/') ? path : `/${path}`)),
    status: fc.constantFrom('200', '4xx', '*'),
    match: text,
  });

  property.prop([stored, fc.boolean(), fc.option(text, { nil: undefined })])(
    'has one way to be written',
    (request, safe, body) => {
      const whole: StoredRequest = { ...request, safe, ...(safe && body !== undefined ? { body } : {}) };
      expect(readStoredRequest(writeStoredRequest(whole))).toEqual(whole);
      expect(mayRepeat(whole)).toBe(safe || whole.method === 'GET');
    },
  );

  it.each([
    'GET / 200 "x',
    'GET  / 200 "x"',
    'GET / 200 "x" ',
    'get / 200 "x"',
    'GET http://a/ 200 "x"',
    'GET /#a 200 "x"',
    'GET / 999 "x"',
    'GET / 200 "\\u0041"',
    'GET / 200 "x" "body"',
  ])('that is written as %s is refused', (written) => {
    expect(readStoredRequest(written)).toBeNull();
  });

  it('matches its pattern from part to part, a star of its own included', () => {
    const response = { status: 200, headers: {}, body: 'a*b and c', legible: 'whole' } as const;
    const match = (pattern: string) =>
      matches({ method: 'GET', target: '/', status: '2xx', match: pattern, safe: false }, response);
    expect(['a*c', 'a\\*b', '', 'c*a', 'a\\*c'].map(match)).toEqual([true, true, true, false, false]);
  });
});
