import { expect, test } from 'vitest';
import { readRange } from './address.ts';

test.each([
  ['192.0.2.0/24', '192.0.2.255', true],
  ['192.0.2.0/24', '192.0.3.0', false],
  ['192.0.2.7/32', '192.0.2.7', true],
  ['0.0.0.0/0', '203.0.113.9', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['2001:db8::/32', '2001:DB8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['2001:db8::/64', '2001:db8:0:0:1:2:3:4', true],
  ['::ffff:192.0.2.0/120', '::ffff:192.0.2.7', true],
  ['192.0.2.0/24', '192.0.2.256', false],
  ['192.0.2.0/24', '192.0.2', false],
  ['192.0.2.0/24', '192.0.2.07', false],
  ['192.0.2.0/24', 'www.example.org', false],
])('the range %s contains %s: %s', (range, address, contained) => {
  expect(readRange(range)?.(address)).toBe(contained);
});

test.each(['192.0.2.0', '192.0.2.0/33', '2001:db8::/129', '1::2::3/64', '192.0.2.0/-1', '/24', '::1:/64'])(
  '%s is no range',
  (text) => {
    expect(readRange(text)).toBeNull();
  },
);
