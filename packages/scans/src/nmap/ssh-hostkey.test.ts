import { expect, test } from 'vitest';
import { scanOf } from '../testing/scan-of.ts';
import { nmapReader } from './read.ts';

const RSA = 'c723045647122944cdb547f75acbad6b';

const key = (type: string, fingerprint: string): string =>
  `<table><elem key="fingerprint">${fingerprint}</elem><elem key="type">${type}</elem></table>`;

const open = (port: number, ...keys: string[]): string =>
  `<port protocol="tcp" portid="${port}"><state state="open"/><service name="ssh"/>
   <script id="ssh-hostkey" output="">${keys.join('')}</script></port>`;

async function hostKeysIn(ports: string): Promise<string[]> {
  const { assets } = await scanOf(
    nmapReader,
    `<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun scanner="nmap" args="nmap -p- 192.0.2.7" start="1790000000" version="7.93">
     <scaninfo type="connect" protocol="tcp" numservices="65535" services="1-65535"/>
     <host starttime="1790000000" endtime="1790000060"><status state="up" reason="syn-ack"/>
     <address addr="192.0.2.7" addrtype="ipv4"/><ports>${ports}</ports></host>
     <runstats><finished time="1790000060" exit="success"/></runstats></nmaprun>`,
  );
  const [asset] = assets;
  return (asset?.identifiers ?? []).filter((one) => one.kind === 'hostkey').map((one) => one.value);
}

test('host keys name the machine, one for each type', async () => {
  const ports = open(22, key('ssh-rsa', RSA), key('ssh-ed25519', RSA.replace('c', 'd')));
  expect(await hostKeysIn(ports)).toEqual([`ssh-rsa:${RSA}`, `ssh-ed25519:${RSA.replace('c', 'd')}`]);
});

test('a second SSH service of the machine does not name it', async () => {
  expect(await hostKeysIn(open(2222, key('ssh-rsa', RSA)))).toEqual([]);
});

test('what is not written as the script writes it names nothing', async () => {
  const odd = [
    key('ssh-rsa', RSA.slice(1)),
    key('a b', RSA),
    key('', RSA),
    '<table key="x"/>',
    'ssh-rsa AAAA',
  ];
  expect(await hostKeysIn(open(22, ...odd))).toEqual([]);
});
