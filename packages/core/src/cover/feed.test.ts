import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareFeeds, feedKey, newer } from './feed.ts';

describe('which feed or version is the older one', () => {
  test.each([
    ['7.93', '7.100'],
    ['7.93', '7.93.1'],
    ['3.2rc3', '3.2'],
    ['3.2rc3', '3.2rc10'],
    ['3.2', '3.2.1'],
    ['1.0.2', '1.0.2a'],
    ['1.0.2', '1.0.2k'],
    ['3.2a1', '3.2'],
    ['3.2b2', '3.2rc1'],
    ['1.0.2j', '1.0.2k'],
    ['202601010000', '202611200001'],
    ['99999999999999', '100000000000000'],
    ['2.0.7', '2.1.0'],
  ])('%s is older than %s', (older, younger) => {
    expect(newer(feedKey(younger), feedKey(older))).toBe(true);
    expect(newer(feedKey(older), feedKey(younger))).toBe(false);
  });

  test('leading zeros and separators do not make a version another one', () => {
    expect(feedKey('7.093')).toBe(feedKey('7-93'));
    expect(feedKey(' V10.8 ')).toBe(feedKey('v10.8'));
  });

  test('numbers of any length compare as numbers', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 40n }),
        fc.bigInt({ min: 0n, max: 10n ** 40n }),
        (a, b) => {
          expect(newer(feedKey(`${a}`), feedKey(`${b}`))).toBe(a > b);
        },
      ),
    );
  });

  test('the key is ASCII, so that the database compares it the same way', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(feedKey(text)).toMatch(/^[ -~]*$/);
      }),
    );
  });

  test('a scan that states no feed is not known to answer for a presence that states one', () => {
    expect(compareFeeds(null, feedKey('1'))).toBe('unknown');
    expect(compareFeeds(feedKey('1'), null)).toBe('recent');
    expect(compareFeeds(null, null)).toBe('recent');
    expect(compareFeeds(feedKey('1'), feedKey('1'))).toBe('recent');
    expect(compareFeeds(feedKey('1'), feedKey('2'))).toBe('older');
  });
});
