import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ask, said, withServer, withUdpServer } from './ask.fixture.ts';
import { BUILT_IN_CHECKS, builtInMethod, PROBES } from './checks.ts';
import { NoAnswer } from './connect.ts';
import { dmarcRecord, isWeakDmarc, isWeakSpf, spfRecords } from './dns/mail-policy.ts';
import { readDnsAnswer } from './dns/message.ts';
import { readStoredRequest } from './http/stored-request.ts';
import { parseSshServer } from './ssh/key-exchange-init.ts';
import { parseServerHello, parseSsl2Answer } from './tls/server-hello.ts';

/** Every check, but that the port is open: whoever accepts a connection shows that. */
const CHECKS = [
  ...Object.keys(BUILT_IN_CHECKS).filter((check) => check !== 'backcheck-tcp:open-port'),
  'backcheck-http:stored-request GET / 200 "x"',
  'backcheck-banner:version OpenSSH<9.3',
  'backcheck-ssh:mac mac_algorithms#hmac-md5',
];

/** So many do not wait for an answer of their own, or there would be no end to it. */
const SOME = CHECKS.filter((check) => !/-(?:ciphers|tls1\.1)$/.test(check));

function drip(bytes: () => Uint8Array) {
  return (socket: Socket): void => {
    const timer = setInterval(() => socket.write(bytes()), 10);
    socket.on('close', () => clearInterval(timer));
  };
}

function flood(block: Buffer) {
  return (socket: Socket): void => {
    const more = (): void => {
      while (!socket.destroyed && socket.write(block));
    };
    socket.on('drain', more);
    more();
  };
}

const record = (type: number, length: number, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(type, 3, 3, length >> 8, length & 255), body]);
const answerWith = (bytes: Uint8Array | string) => (socket: Socket) => void socket.end(bytes);

const HOSTILE: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['hangs up at once', (socket) => void socket.end()],
  ['resets the connection', (socket) => void socket.resetAndDestroy()],
  ['never says a word', (socket) => void socket.resume()],
  ['sends garbage', answerWith(randomBytes(5000))],
  ['sends garbage without end', flood(randomBytes(65_536))],
  ['sends a line without end', flood(Buffer.alloc(65_536, 'SSH-2.0-'))],
  ['sends lines without end', flood(Buffer.alloc(65_536, 'hello\r\n'))],
  ['drips one byte after the other', drip(() => Buffer.of(22))],
  ['drips a banner', drip(() => Buffer.from('S'))],
  [
    'promises a TLS record that does not come',
    (socket) => void socket.write(record(22, 16_000, Buffer.of(2, 0, 0, 70))),
  ],
  [
    'lies about the length of its ServerHello',
    answerWith(record(22, 8, Buffer.of(2, 0xff, 0xff, 0xff, 3, 3, 0, 0))),
  ],
  [
    'has a session id that is longer than its ServerHello',
    answerWith(record(22, 42, Buffer.concat([Buffer.of(2, 0, 0, 38), Buffer.alloc(38, 0xff)]))),
  ],
  ['sends TLS records of nothing', flood(Buffer.concat(Array(4000).fill(record(22, 0, Buffer.alloc(0)))))],
  ['sends warnings without end', flood(Buffer.concat(Array(4000).fill(record(21, 2, Buffer.of(1, 90)))))],
  [
    'lies about the length of its KEXINIT',
    answerWith(Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.of(0xff, 0xff, 0xff, 0xff, 4, 20)])),
  ],
  [
    'cuts its KEXINIT',
    answerWith(Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.of(0, 0, 3, 0, 4, 20), Buffer.alloc(40)])),
  ],
  [
    'names no algorithms',
    answerWith(
      Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.of(0, 0, 0, 62, 4, 20), Buffer.alloc(60)]),
    ),
  ],
  [
    'has a header without end',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX: ');
      flood(Buffer.alloc(65_536, 'x'))(socket);
    },
  ],
  [
    'promises a body that does not come',
    (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx'),
  ],
  [
    'changes the protocol',
    answerWith('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
  ],
  ['promises a long DNS answer', (socket) => void socket.write(Buffer.of(0xff, 0xff, 0, 0))],
];

describe('a server that is hostile', () => {
  it.each(HOSTILE)('and %s proves nothing absent, and stops no run', async (_, talk) => {
    await withServer(talk, async (port) => {
      const facts = await ask({ port, checks: SOME, host: 'www.example.org', patienceMs: 150 });
      const claims = said(facts).filter((one) => / absent$| E[123]\b/.test(one));
      // An HTTP server that hangs up, or a line of text, is no protocol; that version 1 is not in "SSH-2.0" is true.
      expect(claims.filter((one) => one !== 'backcheck-ssh:protocol-1 absent')).toEqual([]);
      expect(facts.scan).toMatchObject({ complete: true, tool: { name: 'backcheck' } });
      expect(facts.assets).toMatchObject([{ reached: true }]);
    });
  });

  it('over UDP gets an error for its garbage and its silence', async () => {
    for (const reply of [
      () => randomBytes(60),
      () => null,
      () => Buffer.alloc(0),
      (asked: Buffer) => asked,
    ]) {
      await withUdpServer(reply, async (port) => {
        const checks = ['backcheck-dns:open-recursion'];
        const facts = await ask({ port, checks, transport: 'udp', patienceMs: 150 });
        expect(said(facts).filter((one) => !/ error$| E0 /.test(one))).toEqual([]);
      });
    }
  });
});

describe('what a server sends', () => {
  const bytes = fc.uint8Array({ maxLength: 400 }).map((all) => Buffer.from(all));
  /** Begins as the real thing, so that more than the first test of a parser is tried. */
  const likely = (...heads: Uint8Array[]) =>
    fc.tuple(fc.constantFrom(...heads), bytes).map((parts) => Buffer.concat(parts));

  const PARSERS = { parseServerHello, parseSsl2Answer, parseSshServer };
  const HEADS = [
    record(22, 80, Buffer.of(2, 0, 0, 76, 3, 3)),
    record(21, 2, Buffer.alloc(0)),
    Buffer.of(0x80, 40, 4, 0, 1, 0, 2),
    Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.of(0, 0, 1, 0, 4, 20)]),
  ];

  property.prop([likely(...HEADS)])(
    'never breaks a parser, and never makes it wait for what it has',
    (all) => {
      for (const parse of Object.values(PARSERS)) {
        const parsed = parse(all);
        if ('need' in parsed) expect(parsed.need).toBeGreaterThan(all.length);
      }
    },
  );

  property.prop([bytes])('as DNS is an answer to the question or no answer', (all) => {
    try {
      expect(readDnsAnswer(all, { id: 1, name: 'example.com' }).packet.id).toBe(1);
    } catch (error) {
      expect(error).toBeInstanceOf(NoAnswer);
    }
  });

  property.prop([fc.array(fc.string()), fc.boolean()])(
    'as texts of a domain is judged whatever it is',
    (texts, inherited) => {
      expect(typeof isWeakSpf(spfRecords(texts))).toBe('boolean');
      expect(typeof isWeakDmarc(dmarcRecord(texts), inherited)).toBe('boolean');
    },
  );

  property.prop([fc.string()])('as a locus is a stored request only when it is written as one', (text) => {
    expect(readStoredRequest(text)).toBeNull();
  });
});

describe('the table of checks', () => {
  it('has a probe, a method to allow and a title in both languages for each', () => {
    for (const [check, { title }] of Object.entries(BUILT_IN_CHECKS)) {
      expect(PROBES[check.split(':')[0] ?? '']).toBeDefined();
      expect(builtInMethod(check)).not.toBeNull();
      expect(title.en).toMatch(/^\S.*\S$/);
      expect(title.zh).toMatch(/\p{Script=Han}/u);
    }
    expect(builtInMethod('backcheck-tls:nothing')).toBeNull();
    expect(builtInMethod('toString')).toBeNull();
  });
});
