import { expect, test } from 'vitest';
import { age, inLanguage, localInstant, utcInstant } from './instant.ts';

test('a time is shown in the zone of the reader with its offset, so that nobody has to guess', () => {
  expect(localInstant('2026-11-21T03:20:07.000Z')).toMatch(/^2026-11-2[0-2] \d\d:\d0 [+-]\d\d:\d\d$/);
  const [day, hour, offset] = localInstant('2026-11-21T03:20:07.000Z').split(' ');
  expect(new Date(`${day}T${hour}:07${offset}`).toISOString()).toBe('2026-11-21T03:20:07.000Z');
});

test('the same moment is there in UTC', () => {
  expect(utcInstant('2026-11-21T03:20:07.000Z')).toBe('2026-11-21 03:20:07 UTC');
});

test('age is one number in the largest whole unit, in the language on screen', () => {
  const now = Date.parse('2026-11-21T00:00:00.000Z');
  expect(age('2026-11-09T00:00:00.000Z', now, 'en')).toBe('12 days');
  expect(age('2026-11-09T00:00:00.000Z', now, 'zh')).toBe('12天');
  expect(age('2024-01-01T00:00:00.000Z', now, 'en')).toBe('2 years');
});

test('what a scanner with a fast clock saw "in a moment" is not older than nothing', () => {
  const now = Date.parse('2026-11-21T00:00:00.000Z');
  expect(age('2026-11-21T00:00:30.000Z', now, 'en')).toBe('1 minute');
});

test('a date is written as readers of the language write it', () => {
  const noon = new Date(2026, 10, 21, 12, 5, 9).toISOString();
  expect(inLanguage(noon, 'zh', 'day')).toBe('2026年11月21日');
  expect(inLanguage(noon, 'en', 'minute')).toBe('21 Nov 2026, 12:05');
  expect(inLanguage(noon, 'zh', 'second')).toContain('12:05:09');
});
