import { expect, test } from 'vitest';
import { deviceOf } from './device.ts';

const EDGE =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0';
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';

test('a session names the browser and the system that it is open in, so that one knows one’s own', () => {
  expect(deviceOf(EDGE)).toEqual({ browser: 'Edge', system: 'Windows' });
  expect(deviceOf(PHONE)).toEqual({ browser: 'Safari', system: 'iOS' });
});

test('what is no browser is not taken for one', () => {
  expect(deviceOf('curl/8.5.0')).toBeNull();
  expect(deviceOf(null)).toBeNull();
});
