import { expect, test } from 'vitest';
import { placeOf } from './place.ts';

const at = (value: string, transport: 'tcp' | 'udp' | 'none', number: number) => {
  const asset = { id: '1', identifiers: [{ kind: 'ip' as const, value }] };
  const { name, port } = placeOf({ asset, transport, port: number });
  return name + port;
};

test('a finding is placed at its asset and port, with the transport where it is not TCP', () => {
  expect(at('192.0.2.7', 'tcp', 443)).toBe('192.0.2.7:443');
  expect(at('192.0.2.7', 'udp', 53)).toBe('192.0.2.7:53/udp');
  expect(at('192.0.2.7', 'none', 0)).toBe('192.0.2.7');
});

test('the port of an IPv6 address cannot be read as its last group', () => {
  expect(at('2001:db8::7', 'tcp', 443)).toBe('[2001:db8::7]:443');
});
