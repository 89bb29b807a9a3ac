import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { writeAddress } from '../observe/address.ts';
import { readTarget } from './target.ts';

describe('a target is written in its one canonical form', () => {
  it.each(['192.0.2.10', '8.8.8.8', '127.0.0.1', '2001:db8::1', '::1', 'fe80::1', '2001:db8:0:1:1:1:1:1'])(
    'the address %s',
    (address) => {
      expect(readTarget(address)).toEqual({ kind: 'address', address });
    },
  );

  it.each([
    'www.example.org',
    'a.b-c.example',
    'xn--fsqu00a.xn--0zwm56d',
    'a_b.example.org',
    '1.example.org',
  ])('the name %s', (name) => {
    expect(readTarget(name)).toEqual({ kind: 'name', name });
  });

  property.prop([fc.ipV6()])('an IPv6 address in another form than its own is refused', (text) => {
    const target = readTarget(text);
    if (target.kind === 'address') expect(new URL(`http://[${text}]`).hostname).toBe(`[${text}]`);
    else expect(target.kind).toBe('refused');
  });

  property.prop([fc.bigInt({ min: 0n, max: (1n << 128n) - 1n })])(
    'IPv6 is written as the URL standard writes it',
    (value) => {
      const text = writeAddress({ bits: 128, value });
      expect(new URL(`http://[${text}]`).hostname).toBe(`[${text}]`);
    },
  );

  property.prop([fc.string()])('whatever else is typed neither throws nor is repaired', (text) => {
    const target = readTarget(text);
    if (target.kind === 'name') expect(target.name).toBe(text);
    if (target.kind === 'address') expect(target.address).toBe(text);
  });
});

/** All of these reach 127.0.0.1, 169.254.169.254 or nothing good in some tool or resolver. */
const FORMS: readonly (readonly [text: string, form: string])[] = [
  ['2130706433', 'number'],
  ['2852039166', 'number'],
  ['017700000001', 'number'],
  ['0177.0.0.1', 'number'],
  ['0177.0.0.01', 'number'],
  ['0251.0376.0251.0376', 'number'],
  ['0x7f000001', 'number'],
  ['0X7F000001', 'number'],
  ['0x7f.0.0.1', 'number'],
  ['0x7f.0x0.0x0.0x1', 'number'],
  ['0xa9.0xfe.0xa9.0xfe', 'number'],
  ['0xA9FEA9FE', 'number'],
  ['0xa9.254.0251.254', 'number'],
  ['127.1', 'number'],
  ['127.0.1', 'number'],
  ['169.254.43518', 'number'],
  ['169.16689662', 'number'],
  ['0', 'number'],
  ['0x', 'number'],
  ['00.0.0.0', 'number'],
  ['127.0.0.1.', 'number'],
  ['127.0.0.001', 'number'],
  ['127.0.0.256', 'number'],
  ['127.0.0.0.1', 'number'],
  ['1.2.3.4.5', 'number'],
  ['example.0x7f', 'number'],
  ['127.0.0.1-2', 'number'],
  ['127.0.0.1-255', 'number'],
  ['0-255.0.0.1-9', 'number'],
  ['127.0.0.1,2', 'number'],
  ['127。0。0。1', 'not-ascii'],
  ['127．0．0．1', 'not-ascii'],
  ['127｡0｡0｡1', 'not-ascii'],
  ['１２７.0.0.1', 'not-ascii'],
  ['①②⑦.⓪.⓪.①', 'not-ascii'],
  ['١٢٧.0.0.1', 'not-ascii'],
  ['ｌocalhost', 'not-ascii'],
  ['示例.中国', 'not-ascii'],
  ['example\u200b.org', 'not-ascii'],
  ['127.0.0.1%00', 'percent-encoded'],
  ['%31%32%37.0.0.1', 'percent-encoded'],
  ['127%2e0%2e0%2e1', 'percent-encoded'],
  ['www.example.org@127.0.0.1', 'user-info'],
  ['user:password@www.example.org', 'user-info'],
  ['127.0.0.1:80', 'port'],
  ['www.example.org:443', 'port'],
  ['www.example.org:', 'port'],
  ['[::1]', 'brackets'],
  ['[::1]:80', 'brackets'],
  ['[127.0.0.1]', 'brackets'],
  ['http://127.0.0.1', 'url'],
  ['//127.0.0.1', 'url'],
  ['127.0.0.1/', 'url'],
  ['127.0.0.1/32', 'url'],
  ['127.0.0.1\\www.example.org', 'url'],
  ['127.0.0.1#www.example.org', 'url'],
  ['www.example.org?x', 'url'],
  ['fe80::1%eth0', 'zone-id'],
  ['fe80::1%25eth0', 'zone-id'],
  ['::1%1', 'zone-id'],
  ['::ffff:127.0.0.1', 'ipv4-in-ipv6'],
  ['::ffff:7f00:1', 'ipv4-in-ipv6'],
  ['::FFFF:7F00:1', 'ipv4-in-ipv6'],
  ['0:0:0:0:0:ffff:169.254.169.254', 'ipv4-in-ipv6'],
  ['::ffff:a9fe:a9fe', 'ipv4-in-ipv6'],
  ['::ffff:0:127.0.0.1', 'ipv4-in-ipv6'],
  ['::127.0.0.1', 'ipv4-in-ipv6'],
  ['::7f00:1', 'ipv4-in-ipv6'],
  ['64:ff9b::127.0.0.1', 'ipv4-in-ipv6'],
  ['64:ff9b::a9fe:a9fe', 'ipv4-in-ipv6'],
  ['64:ff9b:1::7f00:1', 'ipv4-in-ipv6'],
  ['2002:7f00:1::', 'ipv4-in-ipv6'],
  ['2002:a9fe:a9fe::1', 'ipv4-in-ipv6'],
  ['2001:0:c000:201:0:0:80ff:fffe', 'ipv4-in-ipv6'],
  ['2001:db8::5efe:7f00:1', 'ipv4-in-ipv6'],
  ['0:0:0:0:0:0:0:1', 'ipv6-not-canonical'],
  ['0000:0000:0000:0000:0000:0000:0000:0001', 'ipv6-not-canonical'],
  ['::01', 'ipv6-not-canonical'],
  ['0::1', 'ipv6-not-canonical'],
  ['::0.0.0.1', 'ipv6-not-canonical'],
  ['2001:DB8::1', 'ipv6-not-canonical'],
  ['2001:db8:0::1', 'ipv6-not-canonical'],
  ['2001:db8::192.0.2.1', 'ipv6-not-canonical'],
  ['1::2::3', 'ipv6-not-canonical'],
  [':::1', 'ipv6-not-canonical'],
  ['12345::', 'ipv6-not-canonical'],
  ['localhost', 'localhost'],
  ['LOCALHOST', 'localhost'],
  ['localhost.localdomain', 'localhost'],
  ['anything.localhost', 'localhost'],
  ['localhost.', 'trailing-dot'],
  ['www.example.org.', 'trailing-dot'],
  ['www.example.org..', 'trailing-dot'],
  ['.', 'trailing-dot'],
  ['.www.example.org', 'label'],
  ['www..example.org', 'label'],
  ['-on.example.org', 'label'],
  ['www-.example.org', 'label'],
  ['www.example,org', 'label'],
  ['$(id).example.org', 'label'],
  [`${'a'.repeat(64)}.example.org`, 'label'],
  [`${'a.'.repeat(126)}org`, 'too-long'],
  ['a'.repeat(100_000), 'too-long'],
  ['intranet', 'single-label'],
  ['ip6-loopback', 'single-label'],
  ['Www.Example.Org', 'upper-case'],
  ['*.example.org', 'wildcard'],
  ['*', 'wildcard'],
  ['127.0.0.1\u0000.example.org', 'control'],
  ['www.example.org\n127.0.0.1', 'control'],
  ['www.example.org\r\nHost: x', 'control'],
  ['127.0.0.1 www.example.org', 'control'],
  [' 127.0.0.1', 'control'],
  ['127.0.0.1\t', 'control'],
  ['127.0.0.1\u00a0', 'control'],
  ['www.example.org\u0085', 'control'],
  ['', 'empty'],
];

describe('other forms are refused and named', () => {
  it.each(FORMS)('%j as %s', (text, form) => {
    expect(readTarget(text)).toEqual({ kind: 'refused', form });
  });

  it('all of them differ, and there are more than a hundred', () => {
    expect(new Set(FORMS.map(([text]) => text)).size).toBe(FORMS.length);
    expect(FORMS.length).toBeGreaterThan(100);
  });
});
