import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask, said, withServer } from '../ask.fixture.ts';
import { clientHello, VERSIONS, type VersionName } from './client-hello.ts';
import { CBC_SUITES, helloLists, LEGACY_SUITES, SUITE_FAMILIES, TLS12_SUITES } from './suites.ts';

/** A server that only shakes hands as far as its ServerHello: libraries of today no longer speak what it can. */
interface Lab {
  readonly offers: Partial<Record<VersionName, readonly number[]>>;
  readonly ssl2?: readonly number[];
  readonly refusal?: 'alert' | 'close' | 'reset' | 'silence';
  /** It wants the extensions, or cannot read them. */
  readonly extensions?: boolean;
  /** After so many refusals it refuses everything. */
  readonly patience?: number;
}

const AES = 0x002f;
const GCM = 0xc02f;
const SOUND: Lab = { offers: { 'tls1.2': [GCM], 'tls1.3': [0x1301] } };

const record = (type: number, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(type, 3, 1, body.length >> 8, body.length & 255), body]);

function serverHello(version: number, suite: number): Buffer {
  const extensions = version === 0x0304 ? Buffer.of(0, 6, 0, 43, 0, 2, 3, 4) : Buffer.alloc(0);
  const legacy = Math.min(version, 0x0303);
  const body = Buffer.concat([
    Buffer.of(legacy >> 8, legacy & 255),
    Buffer.alloc(32, 9),
    Buffer.of(0, suite >> 8, suite & 255, 0),
    extensions,
  ]);
  return record(22, Buffer.concat([Buffer.of(2, 0, 0, body.length), body]));
}

/** What a real server would read of a ClientHello (RFC 8446 section 4.1.2). */
function readHello(bytes: Buffer): { version: number; suites: number[]; extensions: boolean } {
  const session = bytes.readUInt8(43);
  const count = bytes.readUInt16BE(44 + session) / 2;
  const suites = Array.from({ length: count }, (_, step) => bytes.readUInt16BE(46 + session + step * 2));
  const end = 46 + session + count * 2 + 2;
  const only13 = bytes.includes(Buffer.of(0, 43, 0, 3, 2, 3, 4), end);
  return { version: only13 ? 0x0304 : bytes.readUInt16BE(9), suites, extensions: bytes.length > end };
}

function ssl2Hello(kinds: readonly number[]): Buffer {
  const specs = Buffer.concat(kinds.map((kind) => Buffer.of(kind >> 16, (kind >> 8) & 255, kind & 255)));
  const body = Buffer.concat([
    Buffer.of(4, 0, 1, 0, 2, 0, 3, 0, specs.length, 0, 2),
    Buffer.from('crt'),
    specs,
    Buffer.from('id'),
  ]);
  return Buffer.concat([Buffer.of(0x80, body.length), body]);
}

function lab({ offers, ssl2, refusal = 'alert', extensions, patience = Number.POSITIVE_INFINITY }: Lab) {
  let refusals = 0;
  const refuse = (socket: Socket): void => {
    refusals += 1;
    if (refusal === 'alert') socket.end(record(21, Buffer.of(2, 70)));
    else if (refusal === 'close') socket.end();
    else if (refusal === 'reset') socket.resetAndDestroy();
  };
  return (socket: Socket): void => {
    socket.once('data', (bytes: Buffer) => {
      if (refusals >= patience) return refuse(socket);
      if (bytes.readUInt8(0) !== 22)
        return ssl2 === undefined ? refuse(socket) : void socket.end(ssl2Hello(ssl2));
      const hello = readHello(bytes);
      const chosen = Object.entries(VERSIONS)
        .filter(([, number]) => number <= hello.version && (hello.version === 0x0304) === (number === 0x0304))
        .reverse()
        .flatMap(([name, number]) =>
          (offers[name as VersionName] ?? [])
            .filter((suite) => hello.suites.includes(suite))
            .map((suite) => ({ number, suite })),
        )[0];
      const unreadable =
        extensions !== undefined && hello.extensions !== extensions && hello.version === 0x0300;
      if (chosen === undefined || unreadable) return refuse(socket);
      socket.end(serverHello(chosen.number, chosen.suite));
    });
  };
}

const judged = async (server: Lab, ...ids: string[]): Promise<string[]> => {
  const facts = await withServer(lab(server), (port) =>
    ask({ port, checks: ids.map((id) => `backcheck-tls:${id}`), host: 'www.example.org', patienceMs: 400 }),
  );
  return said(facts).map((one) => one.replace('backcheck-tls:', ''));
};

const OLD = ['ssl2', 'ssl3', 'tls1.0', 'tls1.1'];

describe('old protocol versions', () => {
  it('are present, each by itself', async () => {
    for (const version of ['ssl3', 'tls1.0', 'tls1.1'] as const) {
      const answers = await judged({ offers: { ...SOUND.offers, [version]: [AES] } }, ...OLD);
      expect(answers).toEqual(OLD.map((id) => `${id} ${id === version ? 'present' : 'absent'}`));
    }
    expect(await judged({ ...SOUND, ssl2: [0x010080] }, ...OLD)).toContain('ssl2 present');
  });

  it('are absent when the server says so or hangs up, and speaks another version', async () => {
    for (const refusal of ['alert', 'close'] as const)
      expect(await judged({ ...SOUND, refusal }, ...OLD)).toEqual(OLD.map((id) => `${id} absent`));
  });

  it('are not absent when something cuts the connection, or nobody answers', async () => {
    expect(await judged({ ...SOUND, refusal: 'reset' }, 'tls1.0')).toEqual(['tls1.0 E0 BLOCKED']);
    expect(await judged({ ...SOUND, refusal: 'silence' }, 'tls1.0')).toEqual(['tls1.0 E0 TIMEOUT']);
  });

  it('are not absent on a port that refuses every version', async () => {
    for (const refusal of ['alert', 'close'] as const)
      expect(await judged({ offers: {}, refusal }, ...OLD)).toEqual(OLD.map((id) => `${id} error`));
  });

  it('are found on a server that has nothing else', async () => {
    expect(await judged({ offers: { 'tls1.0': [AES] } }, ...OLD)).toEqual([
      'ssl2 absent',
      'ssl3 absent',
      'tls1.0 present',
      'tls1.1 absent',
    ]);
    expect(await judged({ offers: {}, ssl2: [] }, ...OLD)).toContain('ssl2 present');
  });

  it('are found with whichever suite they have', async () => {
    for (const suite of [0x0004, 0x0088, 0x00ae, 0xc007, 0xc021, 0xff87])
      expect(await judged({ offers: { 'tls1.3': [0x1301], 'tls1.0': [suite] } }, 'tls1.0')).toEqual([
        'tls1.0 present',
      ]);
  });

  it('are found where SSL 3.0 wants no extensions, or cannot do without', async () => {
    for (const extensions of [true, false])
      expect(await judged({ offers: { ...SOUND.offers, ssl3: [AES] }, extensions }, 'ssl3')).toEqual([
        'ssl3 present',
      ]);
  });

  it('are found on a server that cuts every hello that is too new for it', async () => {
    expect(await judged({ offers: { 'tls1.0': [AES] }, refusal: 'reset' }, 'tls1.0', 'ssl3')).toEqual([
      'tls1.0 present',
      'ssl3 E0 BLOCKED',
    ]);
  });

  it('are not absent when a server has had enough of us in between', async () => {
    expect(await judged({ ...SOUND, patience: 1 }, 'tls1.0', 'tls1.1')).toEqual([
      'tls1.0 E0 BLOCKED',
      'tls1.1 E0 BLOCKED',
    ]);
  });
});

describe('weak suites', () => {
  it.each(Object.entries(SUITE_FAMILIES))(
    '%s are found in any version, and absent where none has them',
    async (family, { suites }) => {
      const one = suites[Math.floor(suites.length / 2)] ?? 0;
      for (const version of ['ssl3', 'tls1.0', 'tls1.2'] as const) {
        const own = version === 'tls1.2' ? [GCM, one] : [one];
        expect(await judged({ offers: { ...SOUND.offers, [version]: own } }, family)).toEqual([
          `${family} present`,
        ]);
      }
      expect(await judged(SOUND, family)).toEqual([`${family} absent`]);
    },
  );

  it('of SSL 2.0 count as well', async () => {
    expect(
      await judged({ ...SOUND, ssl2: [0x020080] }, 'export-ciphers', 'rc4-ciphers', '64-bit-block-ciphers'),
    ).toEqual(['export-ciphers present', 'rc4-ciphers present', '64-bit-block-ciphers absent']);
  });

  it('in CBC mode are a weakness of TLS 1.0 and SSL 3.0 only', async () => {
    expect(await judged({ offers: { 'tls1.0': [AES] } }, 'cbc-before-tls1.1')).toEqual([
      'cbc-before-tls1.1 present',
    ]);
    expect(await judged({ offers: { 'tls1.1': [AES] } }, 'cbc-before-tls1.1')).toEqual([
      'cbc-before-tls1.1 absent',
    ]);
  });
});

describe('a ClientHello', () => {
  it('offers every suite of the versions once, in lists that old servers can read', () => {
    for (const all of [LEGACY_SUITES, TLS12_SUITES]) {
      expect(new Set(all).size).toBe(all.length);
      expect(helloLists(all).flat()).toEqual(all);
      for (const list of helloLists(all)) expect(list.length).toBeLessThanOrEqual(100);
    }
    const known = new Set(TLS12_SUITES);
    for (const { suites } of Object.values(SUITE_FAMILIES))
      for (const suite of suites) expect(known).toContain(suite);
    for (const suite of CBC_SUITES) expect(LEGACY_SUITES).toContain(suite);
  });

  it('never has a length that hangs old load balancers, and names the server only by name', () => {
    for (let count = 1; count <= 100; count += 1) {
      const hello = clientHello({
        version: 'tls1.0',
        suites: TLS12_SUITES.slice(0, count),
        host: 'www.example.org',
        extensions: true,
      });
      expect(hello.length - 5 < 256 || hello.length - 5 > 511).toBe(true);
      expect(hello.includes('www.example.org')).toBe(true);
    }
    const byAddress = clientHello({ version: 'tls1.2', suites: [AES], host: '192.0.2.7', extensions: true });
    expect(byAddress.includes('192.0.2.7')).toBe(false);
  });
});
