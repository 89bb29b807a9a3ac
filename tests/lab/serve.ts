import { createServer as createPlain, type RequestListener } from 'node:http';
import { createServer as createTls, type ServerOptions } from 'node:https';
import { createInterface } from 'node:readline';

/** Sent as one line of JSON on standard input. The process ends when that input ends, so none outlives its test. */
export interface ServeOrder {
  readonly kind: 'weak' | 'fixed' | 'plain';
  readonly address: string;
  readonly port: number;
  readonly key: string;
  readonly cert: string;
}

const WEAK: ServerOptions = {
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.2',
  // Level 0 lets OpenSSL 3 offer TLS 1.0, SHA-1 signatures, short keys and ciphers without authentication.
  ciphers: 'ALL:!PSK:!SRP:@SECLEVEL=0',
  honorCipherOrder: false,
};

const FIXED: ServerOptions = {
  minVersion: 'TLSv1.2',
  ciphers:
    'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:' +
    'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256',
  honorCipherOrder: true,
};

const SECURITY_HEADERS = {
  'strict-transport-security': 'max-age=31536000',
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'self'",
};

/** Without one header of its list nmap's http-security-headers prints nothing at all. */
const ANY_HEADER = { 'cache-control': 'no-store' };

function answer(headers: Readonly<Record<string, string>>): RequestListener {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
    response.end('<html><head><title>lab</title></head><body>lab</body></html>');
  };
}

function serverFor({
  kind,
  key,
  cert,
}: ServeOrder): ReturnType<typeof createPlain> | ReturnType<typeof createTls> {
  if (kind === 'plain') return createPlain(answer(ANY_HEADER));
  if (kind === 'weak') return createTls({ ...WEAK, key, cert }, answer({}));
  return createTls({ ...FIXED, key, cert }, answer(SECURITY_HEADERS));
}

const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => {
  const order: ServeOrder = JSON.parse(line);
  const server = serverFor(order);
  server.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  server.listen(order.port, order.address, () => process.stdout.write('listening\n'));
});
lines.once('close', () => process.exit(0));
