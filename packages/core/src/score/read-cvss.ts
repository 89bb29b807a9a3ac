import type { Text } from '../observe/text.ts';
import { CVSS_METRICS, type CvssMetric, type CvssVersion } from './cvss-metrics.ts';

export const CVSS_FLAWS = [
  'too-long',
  'blank',
  'version',
  'shape',
  'unknown-metric',
  'unknown-value',
  'twice',
  'order',
  'missing',
] as const;

/** Why a text is no CVSS vector. */
export interface CvssFlaw {
  readonly flaw: (typeof CVSS_FLAWS)[number];
  /** Of the character where it shows, from 0; the length of the vector for what is missing. */
  readonly position: number;
  readonly text: Text;
}

export interface CvssVector {
  readonly version: CvssVersion;
  /** As written, without the parentheses that NVD once put around version 2. */
  readonly vector: string;
  readonly metrics: ReadonlyMap<string, string>;
}

/** The longest sound one, of version 4.0 with every metric, has 260 characters. */
const LONGEST = 400;

/**
 * Reads a vector of CVSS 2.0 (with or without the parentheses around it), 3.0, 3.1 or 4.0. Versions 2 and 3 accept
 * any order of the metrics; 4.0 wants that of its table 23 (specification section 7).
 */
export function readCvss(text: string): CvssVector | CvssFlaw {
  if (text.length > LONGEST)
    return flawAt('too-long', LONGEST, {
      zh: `向量超过 ${LONGEST} 个字符`,
      en: `the vector is longer than ${LONGEST} characters`,
    });
  const blank = text.search(/\s/);
  if (blank >= 0)
    return flawAt('blank', blank, { zh: '向量中有空白字符', en: 'there is a blank in the vector' });
  const prefix = /^CVSS:([0-9]+\.[0-9]+)\//.exec(text);
  if (prefix === null && text.startsWith('CVSS')) return unknownVersion(text.slice(0, 20));
  const version = prefix === null ? '2.0' : versionNamed(prefix[1]);
  if (version === undefined) return unknownVersion(prefix?.[1] ?? '');
  const inner = prefix === null && /^\(.*\)$/.test(text);
  const from = prefix?.[0].length ?? (inner ? 1 : 0);
  const end = inner ? text.length - 1 : text.length;
  const metrics = readMetrics(text, { from, end, version });
  return metrics instanceof Map ? { version, vector: text.slice(inner ? 1 : 0, end), metrics } : metrics;
}

export const isCvssFlaw = (read: object): read is CvssFlaw => 'flaw' in read;

const versionNamed = (name: string | undefined): CvssVersion | undefined =>
  name === '3.0' || name === '3.1' || name === '4.0' ? name : undefined;

const unknownVersion = (name: string): CvssFlaw =>
  flawAt('version', 0, {
    zh: `不认识的 CVSS 版本“${name}”`,
    en: `"${name}" is no version of CVSS that is known`,
  });

interface Span {
  readonly from: number;
  readonly end: number;
  readonly version: CvssVersion;
}

function readMetrics(text: string, { from, end, version }: Span): Map<string, string> | CvssFlaw {
  const known = CVSS_METRICS[version];
  const metrics = new Map<string, string>();
  let position = from;
  let last = -1;
  for (const part of text.slice(from, end).split('/')) {
    const read = readMetric(part, known, position);
    if ('flaw' in read) return read;
    const { place, name, value } = read;
    if (metrics.has(name))
      return flawAt('twice', position, { zh: `${name} 出现两次`, en: `${name} stands there twice` });
    if (version === '4.0' && place < last)
      return flawAt('order', position, {
        zh: `${name} 的位置不符合 CVSS 4.0 规定的顺序`,
        en: `${name} is not where the order of CVSS 4.0 wants it`,
      });
    last = place;
    metrics.set(name, value);
    position += part.length + 1;
  }
  const missing = known.find(({ name, group }) => group === 'base' && !metrics.has(name));
  if (missing === undefined) return metrics;
  return flawAt('missing', end, { zh: `缺少 ${missing.name}`, en: `${missing.name} is missing` });
}

function readMetric(
  part: string,
  known: readonly CvssMetric[],
  position: number,
): { readonly place: number; readonly name: string; readonly value: string } | CvssFlaw {
  const colon = part.indexOf(':');
  if (colon < 1)
    return flawAt('shape', position, {
      zh: `“${part}”不是“指标:取值”的形式`,
      en: `"${part}" is not a metric and its value`,
    });
  const name = part.slice(0, colon);
  const value = part.slice(colon + 1);
  const place = known.findIndex((metric) => metric.name === name);
  if (place < 0)
    return flawAt('unknown-metric', position, {
      zh: `没有名为“${name}”的指标`,
      en: `there is no metric "${name}"`,
    });
  if (known[place]?.values.includes(value) !== true)
    return flawAt('unknown-value', position + colon + 1, {
      zh: `${name} 没有“${value}”这个取值`,
      en: `${name} has no value "${value}"`,
    });
  return { place, name, value };
}

const flawAt = (flaw: CvssFlaw['flaw'], position: number, text: Text): CvssFlaw => ({ flaw, position, text });
