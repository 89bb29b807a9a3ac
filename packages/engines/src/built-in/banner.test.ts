import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask, said, withServer } from './ask.fixture.ts';
import { readVersionCondition, versionIn } from './banner.ts';

const judged = async (banner: string, locus: string): Promise<string | undefined> => {
  const talk = (socket: Socket) => void socket.write(banner);
  const facts = await withServer(talk, (port) =>
    ask({ port, checks: [`backcheck-banner:version ${locus}`] }),
  );
  expect(facts.observations.every(({ verdict, method }) => verdict === 'error' || method === 'banner')).toBe(
    true,
  );
  return facts.observations[0]?.verdict;
};

describe('a version that a service tells', () => {
  it.each([
    ['SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', 'OpenSSH<9.3', 'present'],
    ['SSH-2.0-OpenSSH_9.3p2\r\n', 'OpenSSH<9.3', 'absent'],
    ['SSH-2.0-OpenSSH_10.0\r\n', 'OpenSSH<9.3', 'absent'],
    ['220 mail ESMTP Exim 4.94.2 ready\r\n', 'Exim<4.96', 'present'],
    ['220 (vsFTPd 3.0.5)\r\n', 'vsFTPd<3.0', 'absent'],
    ['SSH-2.0-dropbear\r\n', 'OpenSSH<9.3', 'error'],
    ['SSH-2.0-OpenSSH\r\n', 'OpenSSH<9.3', 'error'],
    ['hello\r\n', 'not a condition', 'error'],
  ])('%j against %s is %s', async (banner, locus, verdict) => {
    expect(await judged(banner, locus)).toBe(verdict);
  });

  it('is asked for where a web server waits to be spoken to', async () => {
    const talk = (socket: Socket) =>
      void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nServer: nginx/1.18.0\r\n\r\n'));
    const facts = await withServer(talk, (port) =>
      ask({ port, checks: ['backcheck-banner:version nginx<1.20'] }),
    );
    expect(said(facts)).toEqual(['backcheck-banner:version nginx<1.20 present']);
  });

  it('belongs to the product that the condition names', () => {
    expect(versionIn('Apache/2.4.57 OpenSSL/3.0', 'OpenSSL')).toBe('3.0');
    expect(versionIn('Apache (Debian 12)', 'Apache')).toBeNull();
    expect(readVersionCondition('Apache HTTP Server<2.4.58')).toEqual({
      product: 'Apache HTTP Server',
      below: '2.4.58',
    });
    expect(readVersionCondition('<1')).toBeNull();
  });
});
