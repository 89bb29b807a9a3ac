import { foldWorld } from '@backcheck/core';
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, RECURSION_AVAILABLE } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { ask, said, withServer, withUdpServer } from '../ask.fixture.ts';

const ZONE = 'example.org';
const SOA: Answer = {
  type: 'SOA',
  name: ZONE,
  data: {
    mname: `ns.${ZONE}`,
    rname: `root.${ZONE}`,
    serial: 1,
    refresh: 1,
    retry: 1,
    expire: 1,
    minimum: 1,
  },
};
const A = (name: string): Answer => ({ type: 'A', name, data: '192.0.2.7' });
const REFUSED = 5;

type Server = (
  type: string,
  name: string,
) => { readonly rcode?: number; readonly flags?: number; readonly answers?: Answer[] };
const OPEN: Server = (type, name) =>
  type === 'AXFR'
    ? { flags: AUTHORITATIVE_ANSWER, answers: [SOA, A(`db.${ZONE}`), SOA] }
    : { flags: RECURSION_AVAILABLE, answers: [A(name)] };
const CLOSED: Server = () => ({ rcode: REFUSED });

const reply =
  (server: Server) =>
  (question: Buffer): Buffer => {
    const { id = 0, questions = [] } = decode(question);
    const { type = '', name = '' } = questions[0] ?? {};
    const { rcode = 0, flags = 0, answers = [] } = server(type, name);
    return encode({ type: 'response', id, flags: flags | rcode, questions, answers });
  };

const overTcp = (server: Server, checks: string[]) =>
  withServer(
    (socket) => void socket.once('data', (asked) => socket.end(framed(reply(server)(asked.subarray(2))))),
    (port) => ask({ port, checks, host: ZONE }),
  );
const overUdp = (server: Server, checks: string[]) =>
  withUdpServer(reply(server), (port) => ask({ port, checks, host: ZONE, transport: 'udp' }));

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

describe('a name server', () => {
  it('that hands out its zone is found, and that refuses it is proven', async () => {
    const checks = ['backcheck-dns:zone-transfer example.org'];
    expect(said(await overTcp(OPEN, checks))).toEqual(['backcheck-dns:zone-transfer example.org present']);
    expect(said(await overTcp(CLOSED, checks))).toEqual(['backcheck-dns:zone-transfer example.org absent']);
  });

  it('that was open and is closed closes both findings', async () => {
    let server = OPEN;
    const checks = ['backcheck-dns:zone-transfer example.org', 'backcheck-dns:open-recursion'];
    const scans = await withServer(
      (socket) => void socket.once('data', (asked) => socket.end(framed(reply(server)(asked.subarray(2))))),
      async (port) => {
        const before = await ask({ port, checks, host: ZONE, at: '2026-11-20T02:00:00.000Z' });
        server = CLOSED;
        return [before, await ask({ port, checks, host: ZONE, at: '2026-11-21T02:00:00.000Z' })];
      },
    );
    const found = foldWorld(
      scans.map((facts) => ({
        ...facts,
        importedAt: '2100-01-01T00:00:00.000Z',
        vantage: 'lab',
        submittedBy: 'runner' as const,
        declaredBy: null,
        quarantined: false,
      })),
    );
    expect(found.map(({ state }) => state)).toEqual(['verified-fixed', 'verified-fixed']);
  });

  it('that resolves for everybody is found over both transports, and that refuses is proven', async () => {
    const checks = ['backcheck-dns:open-recursion'];
    for (const over of [overTcp, overUdp]) {
      expect(said(await over(OPEN, checks))).toEqual(['backcheck-dns:open-recursion present']);
      expect(said(await over(CLOSED, checks))).toEqual(['backcheck-dns:open-recursion absent']);
      expect(said(await over(() => ({}), checks))).toEqual(['backcheck-dns:open-recursion absent']);
    }
  });

  it('that fails or answers with nothing proves nothing', async () => {
    const failing: Server = () => ({ rcode: 2, flags: RECURSION_AVAILABLE });
    const empty: Server = () => ({ flags: RECURSION_AVAILABLE });
    for (const server of [failing, empty]) {
      const facts = await overTcp(server, ['backcheck-dns:zone-transfer', 'backcheck-dns:open-recursion']);
      expect(facts.observations.map((one) => one.verdict)).toEqual(['error', 'error']);
    }
  });

  it('is asked for zones over TCP only', async () => {
    expect(said(await overUdp(OPEN, ['backcheck-dns:zone-transfer']))).toEqual([
      'backcheck-dns:zone-transfer error',
    ]);
  });
});

describe('the records of a domain against forged mail', () => {
  const CHECKS = ['spf', 'weak-spf', 'dmarc', 'weak-dmarc'].map((id) => `backcheck-dns:${id}`);
  const judged = async (records: Record<string, string[]>, host = ZONE): Promise<string[]> => {
    const texts = (name: string): Promise<string[][]> => {
      const found = records[name];
      if (found !== undefined) return Promise.resolve(found.map((text) => [text.slice(0, 9), text.slice(9)]));
      return Promise.reject(
        Object.assign(new Error(name), { code: name.startsWith('_') ? 'ENOTFOUND' : 'ENODATA' }),
      );
    };
    const facts = await ask({ port: 0, transport: 'none', checks: CHECKS, host, texts });
    return facts.observations.map(
      ({ check, verdict }) => `${check.slice('backcheck-dns:'.length)} ${verdict}`,
    );
  };

  it('are missing, weak or sound', async () => {
    expect(await judged({})).toEqual([
      'spf present',
      'weak-spf present',
      'dmarc present',
      'weak-dmarc present',
    ]);
    expect(await judged({ [ZONE]: ['v=spf1 mx ?all'], [`_dmarc.${ZONE}`]: ['v=DMARC1; p=none'] })).toEqual([
      'spf absent',
      'weak-spf present',
      'dmarc absent',
      'weak-dmarc present',
    ]);
    expect(
      await judged({ [ZONE]: ['other', 'v=spf1 mx -all'], [`_dmarc.${ZONE}`]: ['v=DMARC1; p=reject'] }),
    ).toEqual(['spf absent', 'weak-spf absent', 'dmarc absent', 'weak-dmarc absent']);
  });

  it('of the name above hold for the names below, by their own tag', async () => {
    const dmarc = { [`_dmarc.${ZONE}`]: ['v=DMARC1; p=reject; sp=none'] };
    expect((await judged(dmarc, `www.${ZONE}`)).slice(2)).toEqual(['dmarc absent', 'weak-dmarc present']);
    expect((await judged(dmarc)).slice(2)).toEqual(['dmarc absent', 'weak-dmarc absent']);
  });

  it.each([
    [['v=spf1 mx ~all'], false],
    [['v=spf1 +all'], true],
    [['v=spf1 all'], true],
    [['v=spf1 mx'], true],
    [['v=spf1 redirect=_spf.example.net'], false],
    [['v=spf1 -all', 'v=spf1 mx -all'], true],
  ])('%j lets anybody send: %s', async (texts, weak) => {
    expect((await judged({ [ZONE]: texts }))[1]).toBe(`weak-spf ${weak ? 'present' : 'absent'}`);
  });

  it('of a domain that does not exist, or without a resolver, are an error', async () => {
    const gone = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    const missing = await ask({ port: 0, transport: 'none', checks: CHECKS, host: ZONE, texts: gone });
    expect(said(missing)).toEqual(CHECKS.map((check) => `${check} E0 NO_HOST`));
    const silent = await ask({ port: 0, transport: 'none', checks: CHECKS, host: ZONE });
    expect(said(silent)).toEqual(CHECKS.map((check) => `${check} E0 TIMEOUT`));
    expect(silent.assets).toMatchObject([{ reached: false, reason: 'TIMEOUT' }]);
    expect(said(await ask({ port: 0, transport: 'none', checks: CHECKS }))).toEqual(
      CHECKS.map((check) => `${check} error`),
    );
  });
});
