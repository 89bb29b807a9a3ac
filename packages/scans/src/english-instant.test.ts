import { expect, test } from 'vitest';
import { englishInstant } from './english-instant.ts';

test.each([
  ['Feb 5, 2024 21:01:08 UTC', '2024-02-05T21:01:08.000Z'],
  ['Wed, Jul 31 2019, 21:53:20 GMT', '2019-07-31T21:53:20.000Z'],
  ['12 Mar 2020 04:42PM GMT-0400', '2020-03-12T20:42:00.000Z'],
  ['1 Jan 2026 12:05AM GMT+0200', '2025-12-31T22:05:00.000Z'],
  ['12 Mar 2020 04:42PM', null],
  ['05/13/2021 07:08:28', null],
  ['Xyz 5, 2024 21:01:08 UTC', null],
  ['Feb 35, 2024 21:01:08 UTC', null],
  ['Feb 5, 2024 31:01:08 UTC', null],
  ['', null],
])('"%s" is the moment %s', (text, at) => {
  expect(englishInstant(text)).toBe(at);
});
