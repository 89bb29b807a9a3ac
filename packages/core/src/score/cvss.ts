import library from 'ae-cvss-calculator';
import type { Severity } from '../observe/record.ts';
import { CVSS_METRICS, type CvssVersion } from './cvss-metrics.ts';
import { cvss2Scores } from './cvss-v2.ts';
import { type CvssFlaw, type CvssVector, isCvssFlaw, readCvss } from './read-cvss.ts';

/** Scores from 0.0 to 10.0 with one decimal. */
export interface CvssScores {
  readonly version: CvssVersion;
  readonly base: number;
  /** Of version 4.0 that with threat metrics. Null in versions 2.0 and 4.0: the vector has none of them. */
  readonly temporal: number | null;
  /**
   * The same for environmental metrics. Version 3.1 defines this score for each vector, and where the scope changes it
   * differs from the base even when nothing is adjusted (section 7.3: the exponent of 13).
   */
  readonly environmental: number | null;
  /** With everything that the vector says, and nothing that it does not. */
  readonly overall: number;
  /** Of the overall score: the qualitative scale of CVSS 3.1 section 5 and 4.0 section 6; for 2.0 that of NVD. */
  readonly severity: Severity;
}

/** It is a CommonJS bundle: what it exports is found on the default. */
const { Cvss3P0, Cvss3P1, Cvss4P0 } = library;

/** The scores of a CVSS vector of any version, or what is wrong with it. Never throws. */
export function scoreOf(vector: string): CvssScores | CvssFlaw {
  const read = readCvss(vector);
  return isCvssFlaw(read) ? read : scoresOf(read);
}

function scoresOf(read: CvssVector): CvssScores {
  const { version, metrics } = read;
  const scores = version === '2.0' ? cvss2Scores(metrics) : version === '4.0' ? scores4(read) : scores3(read);
  const { base, temporal, environmental } = scores;
  const says = (name: string) => !['X', 'ND'].includes(metrics.get(name) ?? 'X');
  const adjusted = CVSS_METRICS[version].some(({ name, group }) => group === 'environmental' && says(name));
  const overall = (adjusted ? environmental : null) ?? temporal ?? base;
  return { version, base, temporal, environmental, overall, severity: cvssSeverity(version, overall) };
}

function scores4({ vector }: CvssVector) {
  const { overall, baseMetricsOnly, threat, environmental } = new Cvss4P0(vector).calculateScores();
  const base = baseMetricsOnly ?? overall;
  return { base, temporal: threat ?? null, environmental: environmental === undefined ? null : overall };
}

function scores3({ version, vector, metrics }: CvssVector) {
  // A requirement of medium weighs 1, as one that is not defined; given, it makes the library calculate.
  const whole = metrics.has('CR') ? vector.replace('CR:X', 'CR:M') : `${vector}/CR:M`;
  const {
    base = 0,
    temporal,
    environmental,
  } = new (version === '3.0' ? Cvss3P0 : Cvss3P1)(whole).calculateScores();
  return { base, temporal: temporal ?? base, environmental: environmental ?? base };
}

/** Version 2.0 knows no critical: NVD's scale for it is low below 4.0, medium below 7.0, then high. */
export function cvssSeverity(version: CvssVersion, score: number): Severity {
  if (score === 0) return version === '2.0' ? 'low' : 'info';
  if (score < 4) return 'low';
  if (score < 7) return 'medium';
  return score < 9 || version === '2.0' ? 'high' : 'critical';
}
