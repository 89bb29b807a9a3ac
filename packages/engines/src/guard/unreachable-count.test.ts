import { expect, it } from 'vitest';
import { readUnreachableCount } from './unreachable-count.ts';

it('the counter is read as Linux writes it', () => {
  const snmp =
    'Ip: A B\nIp: 1 2\nIcmp: InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds\nIcmp: 9 0 0 4 5\n';
  expect(readUnreachableCount(snmp, 'Icmp6InMsgs  8\nIcmp6InDestUnreachs             \t3\n')).toBe(7);
  expect(readUnreachableCount(snmp, '')).toBe(4);
  expect(readUnreachableCount('', '')).toBeNull();
});
