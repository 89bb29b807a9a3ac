import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { decode, encode } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { boundsOf } from './authorization.fixture.ts';
import { type Lookup, ownAddresses, resolveTarget } from './resolve.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A DNS server that gives the next of `answers` at each question, and a resolver that asks it. */
async function nameServer(...answers: readonly string[][]): Promise<{ lookup: Lookup; asked: () => number }> {
  const server = createSocket('udp4');
  closing.push(() => server.close());
  let count = 0;
  server.on('message', (bytes, from) => {
    const { id, questions = [] } = decode(bytes);
    const name = questions[0]?.name ?? '';
    const data = answers[Math.min(count, answers.length - 1)] ?? [];
    count += 1;
    const records = data.map((address) => ({ type: 'A' as const, name, ttl: 0, data: address }));
    server.send(
      encode({ type: 'response', id: id ?? 0, questions, answers: records }),
      from.port,
      from.address,
    );
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  const lookup: Lookup = async (name) => (await resolver.resolve4(name)).map((address) => ({ address }));
  return { lookup, asked: () => count };
}

const named = boundsOf({ names: ['www.example.org'] });

describe('a target is resolved', () => {
  it('once, and stays where it was when DNS answers differently at the second question', async () => {
    const { lookup, asked } = await nameServer(['8.8.8.8'], ['169.254.169.254']);
    const first = await resolveTarget('www.example.org', named, lookup);
    expect(first).toEqual({ kind: 'pinned', host: 'www.example.org', address: '8.8.8.8' });
    expect(asked()).toBe(1);
    expect(await resolveTarget('www.example.org', named, lookup)).toMatchObject({ why: 'ADDRESS_REFUSED' });
  });

  it.each([
    ['a loopback address', ['127.0.0.1']],
    ['a metadata service', ['169.254.169.254']],
    ['a private address', ['10.0.0.1']],
    ['a global address first and a private one second', ['8.8.8.8', '10.0.0.1']],
  ])('and refused when its answer is %s', async (_title, answer) => {
    const { lookup } = await nameServer(answer);
    expect(await resolveTarget('www.example.org', named, lookup)).toMatchObject({ why: 'ADDRESS_REFUSED' });
  });

  it.each(['::ffff:127.0.0.1', '::ffff:8.8.8.8', 'fe80::1%eth0', 'nonsense', ''])(
    'and refused when the resolver says %j',
    async (address) => {
      const answer = await resolveTarget('www.example.org', named, async () => [{ address }]);
      expect(answer).toMatchObject({ kind: 'refused', why: 'ADDRESS_REFUSED' });
    },
  );

  it('and has no address when there is no answer', async () => {
    const { lookup } = await nameServer([]);
    expect(await resolveTarget('www.example.org', named, lookup)).toMatchObject({ why: 'NAME_UNRESOLVED' });
  });

  it('without asking anybody when it is an address or written in a form that is none', async () => {
    const { lookup, asked } = await nameServer(['8.8.8.8']);
    const bounds = boundsOf({ ranges: ['192.0.2.0/24'] });
    expect(await resolveTarget('192.0.2.10', bounds, lookup)).toMatchObject({ address: '192.0.2.10' });
    expect(await resolveTarget('0xc0.0.2.10', bounds, lookup)).toMatchObject({ why: 'ADDRESS_REFUSED' });
    expect(asked()).toBe(0);
  });
});

it('this machine knows its own addresses', () => {
  expect(ownAddresses()).toContain('127.0.0.1');
  expect(ownAddresses().length).toBeLessThanOrEqual(Object.values(networkInterfaces()).flat().length);
});
