import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { scoreOf } from './cvss.ts';
import { CVSS_METRICS, type CvssVersion } from './cvss-metrics.ts';
import { isCvssFlaw } from './read-cvss.ts';

const CORPUS = fileURLToPath(new URL('../../../../../shared/corpus/standards/cvss', import.meta.url));

/** `VECTOR - (base, temporal, environmental)`, `VECTOR - (score,)` or `VECTOR - score`. */
function expected(line: string) {
  const [vector = '', scores = ''] = line.split(' - ');
  return {
    vector,
    scores: scores
      .replaceAll(/[()\s]/g, '')
      .split(',')
      .filter(Boolean),
  };
}

/** As the corpus writes them: None where version 2 has no metric of the group. */
function written(vector: string, count: number): string[] {
  const scores = scoreOf(vector);
  if (isCvssFlaw(scores)) return [`${scores.flaw} at ${scores.position}`];
  const { base, temporal, environmental, overall } = scores;
  const three = [base, temporal, environmental].map((one) => (one === null ? 'None' : String(one)));
  return count === 1 ? [String(overall)] : three;
}

const asNumbers = (scores: readonly string[]) =>
  scores.map((one) => (one === 'None' ? one : String(Math.abs(Number(one)))));

describe.skipIf(!existsSync(CORPUS))('every line of the published vectors is scored as published', () => {
  const files = existsSync(CORPUS) ? readdirSync(CORPUS).filter((name) => name.startsWith('vectors_')) : [];
  test.each(files)('%s', (name) => {
    const lines = readFileSync(`${CORPUS}/${name}`, 'utf8').split('\n').filter(Boolean);
    expect(lines.length).toBeGreaterThan(0);
    const wrong = lines.flatMap((line) => {
      const { vector, scores } = expected(line);
      const wanted = asNumbers(scores).join();
      const got = written(vector, scores.length).join();
      return got === wanted ? [] : [`${vector}: ${got} and not ${wanted}`];
    });
    expect(wrong).toEqual([]);
  });

  test('each of the 173 macro vectors that are published of version 4.0', () => {
    const lines = readFileSync(`${CORPUS}/first-v4/macro-scores`, 'utf8').split('\n').filter(Boolean);
    expect(lines).toHaveLength(173);
    const wrong = lines.flatMap((line) => {
      const vector = /'vector': '([^']+)'/.exec(line)?.[1] ?? '';
      const score = /'score': ([0-9.]+)/.exec(line)?.[1] ?? '';
      const severity = /'severity': '(\w+)'/.exec(line)?.[1]?.toLowerCase();
      const read = scoreOf(vector);
      const got = isCvssFlaw(read) ? read.flaw : `${read.overall} ${read.severity}`;
      return got === `${Number(score)} ${severity === 'none' ? 'info' : severity}` ? [] : [`${line}: ${got}`];
    });
    expect(wrong).toEqual([]);
  });
});

describe('a vector is scored', () => {
  test.each([
    ['AV:N/AC:L/Au:N/C:P/I:P/A:P', 7.5, 'high'],
    ['(AV:N/AC:L/Au:N/C:P/I:P/A:P)', 7.5, 'high'],
    ['AV:N/AC:L/Au:N/C:C/I:C/A:C', 10, 'high'],
    ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1, 'medium'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8, 'critical'],
    ['CVSS:3.1/C:H/I:H/A:H/AV:N/AC:L/PR:N/UI:N/S:U', 9.8, 'critical'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0, 'info'],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3, 'critical'],
  ])('%s: %d, %s', (vector, overall, severity) => {
    expect(scoreOf(vector)).toMatchObject({ overall, severity });
  });

  test('half of a tenth is rounded up, as in decimal arithmetic', () => {
    expect(scoreOf('AV:N/AC:L/Au:S/C:C/I:C/A:C/E:F/RL:U/RC:C')).toMatchObject({ base: 9, temporal: 8.6 });
  });

  test('the base of a version 4.0 vector is that without threat and environment', () => {
    const vector = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U/CR:L';
    expect(scoreOf(vector)).toMatchObject({ base: 9.3, version: '4.0' });
    expect(scoreOf(vector)).not.toMatchObject({ overall: 9.3 });
  });
});

describe('a vector with a defect says where it is', () => {
  const V31 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
  const V4 = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';
  test.each([
    ['unknown metric', `${V31}/ZZ:H`, 'unknown-metric', V31.length + 1],
    ['unknown value', V31.replace('AC:L', 'AC:M'), 'unknown-value', 17],
    ['doubled metric', `${V31}/AV:N`, 'twice', V31.length + 1],
    ['missing metric', V31.replace('/A:H', ''), 'missing', V31.length - 4],
    ['wrong order in 4.0', V4.replace('AV:N/AC:L', 'AC:L/AV:N'), 'order', 14],
    ['blank', V31.replace('/S', ' /S'), 'blank', 28],
    ['line break at its end', `${V31}\n`, 'blank', V31.length],
    ['slash at its end', `${V31}/`, 'shape', V31.length + 1],
    ['lower case', V31.replace('AV:N', 'av:n'), 'unknown-metric', 9],
    ['unknown version', V31.replace('3.1', '3.2'), 'version', 0],
    ['no version where one begins', 'CVSS/AV:N', 'version', 0],
    ['nothing', '', 'shape', 0],
    ['a metric of another version', V4.replace('/AT:N', '/AT:N/S:U'), 'unknown-value', 26],
    ['parentheses around version 3', `(${V31})`, 'unknown-metric', 1],
    ['endless text', 'A:'.repeat(100_000), 'too-long', 400],
  ])('%s', (_, vector, flaw, position) => {
    expect(scoreOf(vector)).toMatchObject({ flaw, position });
  });
});

/** Any sound vector of a version: all base metrics, some of the others. */
const soundVector = fc
  .constantFrom<CvssVersion>('2.0', '3.0', '3.1', '4.0')
  .chain((version) =>
    fc
      .tuple(
        ...CVSS_METRICS[version].map(({ name, values, group }) =>
          fc
            .option(fc.constantFrom(...values), { nil: group === 'base' ? values[0] : undefined })
            .map((value) => (value === undefined ? '' : `${name}:${value}`)),
        ),
      )
      .map((parts) =>
        [...(version === '2.0' ? [] : [`CVSS:${version}`]), ...parts.filter(Boolean)].join('/'),
      ),
  );

describe('whatever stands there', () => {
  property.prop([
    fc.oneof(
      fc.string(),
      soundVector,
      soundVector.chain((one) => fc.string().map((end) => one + end)),
    ),
  ])('the answer is a score from 0.0 to 10.0 with one decimal, or a flaw inside the text', (vector) => {
    const read = scoreOf(vector);
    if (isCvssFlaw(read)) {
      expect(read.position).toBeLessThanOrEqual(vector.length);
      return;
    }
    for (const score of [read.base, read.overall, read.temporal ?? 0, read.environmental ?? 0]) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(10);
      expect(Number(score.toFixed(1))).toBe(score);
    }
  });

  property.prop([soundVector])('a sound vector has a score', (vector) => {
    expect(isCvssFlaw(scoreOf(vector))).toBe(false);
  });
});
