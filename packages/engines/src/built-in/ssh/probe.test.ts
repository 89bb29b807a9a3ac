import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { ask, said, withServer } from '../ask.fixture.ts';

const nameList = (names: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(names.length);
  return Buffer.concat([length, Buffer.from(names)]);
};

/** RFC 4253 sections 6 and 7.1, with the lists of key exchange, host key, encryption and MAC. */
function keyExchangeInit([kex, hostKey, encryption, mac]: readonly [string, string, string, string]): Buffer {
  const lists = [kex, hostKey, encryption, encryption, mac, mac, 'none', 'none', '', ''].map(nameList);
  const payload = Buffer.concat([Buffer.of(20), Buffer.alloc(16, 7), ...lists, Buffer.alloc(5)]);
  const padding = 12 - ((payload.length + 9) % 8);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + padding + 1);
  head.writeUInt8(padding, 4);
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}

type Lists = Parameters<typeof keyExchangeInit>[0];
const OLD: Lists = [
  'diffie-hellman-group1-sha1,curve25519-sha256',
  'ssh-dss,ssh-ed25519',
  '3des-cbc,aes256-ctr',
  'hmac-md5,hmac-sha2-256',
];
const NEW: Lists = ['curve25519-sha256', 'ssh-ed25519', 'aes256-ctr', 'hmac-sha2-256'];

/** Waits for the client's identification before it names its algorithms, as some servers do. */
const sshd =
  (lists: Lists, identification = 'SSH-2.0-lab_1.0') =>
  (socket: Socket): void => {
    socket.write(`Welcome\r\n${identification}\r\n`);
    socket.once('data', () => socket.write(keyExchangeInit(lists)));
  };

const CHECKS = [
  'backcheck-ssh:key-exchange kex_algorithms#diffie-hellman-group1-sha1',
  'backcheck-ssh:host-key server_host_key_algorithms#ssh-dss',
  'backcheck-ssh:encryption encryption_algorithms#3des-cbc',
  'backcheck-ssh:mac mac_algorithms#hmac-md5',
];

it('an SSH server names the weak algorithms that it offers', async () => {
  const facts = await withServer(sshd(OLD), (port) => ask({ port, checks: CHECKS }));
  expect(said(facts)).toEqual(CHECKS.map((check) => `${check} present`));
});

it('what an SSH server does not name is not offered', async () => {
  const facts = await withServer(sshd(NEW), (port) => ask({ port, checks: CHECKS }));
  expect(said(facts)).toEqual(CHECKS.map((check) => `${check} absent`));
});

it('asked for a whole list, every weak algorithm of it is found and all others are covered', async () => {
  const facts = await withServer(sshd(OLD), (port) => ask({ port, checks: ['backcheck-ssh:mac'] }));
  expect(said(facts)).toEqual(['backcheck-ssh:mac mac_algorithms#hmac-md5 present', 'backcheck-ssh:mac E3']);
});

it('version 1 of the protocol is told by the identification', async () => {
  const checks = ['backcheck-ssh:protocol-1'];
  const of = (identification: string) =>
    withServer(sshd(NEW, identification), (port) => ask({ port, checks }));
  expect(said(await of('SSH-1.99-old'))).toEqual(['backcheck-ssh:protocol-1 present']);
  expect(said(await of('SSH-1.5-older'))).toEqual(['backcheck-ssh:protocol-1 present']);
  expect(said(await of('SSH-2.0-new'))).toEqual(['backcheck-ssh:protocol-1 absent']);
});

it('a server that has too many connections blocks us, and nothing is absent', async () => {
  const full = (socket: Socket) => void socket.end('Exceeded MaxStartups\r\n');
  const facts = await withServer(full, (port) => ask({ port, checks: CHECKS }));
  expect(said(facts)).toEqual(CHECKS.map((check) => `${check} E0 BLOCKED`));
});

it('an algorithm is looked for in the list of its check only', async () => {
  const facts = await withServer(sshd(NEW), (port) =>
    ask({ port, checks: ['backcheck-ssh:mac kex_algorithms#x'] }),
  );
  expect(said(facts)).toEqual(['backcheck-ssh:mac kex_algorithms#x error']);
});
