import { expect, test } from 'vitest';
import { commonPlan, parsePluginSet, parsePortRange, parseTargets } from './policy.ts';

test('an explicit port range is what Nessus was told to examine', () => {
  expect(parsePortRange('1-65535')).toEqual({ tcp: [[1, 65535]], udp: null });
  expect(parsePortRange('22, 80,443')).toEqual({
    tcp: [
      [22, 22],
      [80, 80],
      [443, 443],
    ],
    udp: null,
  });
  expect(parsePortRange('T:1-1024,8443,U:53,161')).toEqual({
    tcp: [
      [1, 1024],
      [8443, 8443],
    ],
    udp: [
      [53, 53],
      [161, 161],
    ],
  });
  expect(parsePortRange('all').tcp).toEqual([[1, 65535]]);
});

test('the default port list is in no file, so it names no port', () => {
  expect(parsePortRange('default')).toEqual({ tcp: null, udp: null });
  expect(parsePortRange('default,8443').tcp).toEqual([[8443, 8443]]);
  for (const nonsense of ['', '70000', '9-1', '-1', 'x', '1-99999'])
    expect(parsePortRange(nonsense).tcp).toBeNull();
});

test('where policy and account of the scan differ, only what both name was examined', () => {
  const wide = parsePortRange('1-65535');
  expect(commonPlan(wide, parsePortRange('1-100,443')).tcp).toEqual([
    [1, 100],
    [443, 443],
  ]);
  expect(commonPlan(wide, parsePortRange('default')).tcp).toBeNull();
  expect(commonPlan(wide, null)).toEqual(wide);
  expect(commonPlan(null, null)).toEqual({ tcp: null, udp: null });
});

test('a plugin set becomes ranges', () => {
  expect(parsePluginSet('\n  10003;10001;10002;51192;NaN;;10002 \n')).toBe('10001-10003,51192');
  expect(parsePluginSet('')).toBeNull();
});

test('only single addresses and names count as targets that can be missed', () => {
  const targets =
    '192.0.2.1, 192.0.2.0/24,192.0.2.5-192.0.2.9,192.0.2.5-9\n2001:db8::7,www.example.org,a.example.org[192.0.2.3],192.0.2.1';
  expect(parseTargets(targets)).toEqual(['192.0.2.1', '2001:db8::7', 'www.example.org', 'a.example.org']);
});
