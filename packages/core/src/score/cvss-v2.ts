/** Numbers of CVSS v2 (FIRST, "A Complete Guide to the CVSS Version 2.0", section 3.2). */
const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  Au: { M: 0.45, S: 0.56, N: 0.704 },
  C: { N: 0, P: 0.275, C: 0.66 },
  I: { N: 0, P: 0.275, C: 0.66 },
  A: { N: 0, P: 0.275, C: 0.66 },
  E: { U: 0.85, POC: 0.9, F: 0.95, H: 1, ND: 1 },
  RL: { OF: 0.87, TF: 0.9, W: 0.95, U: 1, ND: 1 },
  RC: { UC: 0.9, UR: 0.95, C: 1, ND: 1 },
  CDP: { N: 0, L: 0.1, LM: 0.3, MH: 0.4, H: 0.5, ND: 0 },
  TD: { N: 0, L: 0.25, M: 0.75, H: 1, ND: 1 },
  CR: { L: 0.5, M: 1, H: 1.51, ND: 1 },
  IR: { L: 0.5, M: 1, H: 1.51, ND: 1 },
  AR: { L: 0.5, M: 1, H: 1.51, ND: 1 },
};

/** Null: the vector has no metric of this group. */
export interface Cvss2Scores {
  readonly base: number;
  readonly temporal: number | null;
  readonly environmental: number | null;
}

/**
 * Scores of a sound CVSS v2 vector. Own arithmetic: the library rounds 8.55 down to 8.5 (`AV:N/AC:L/Au:S/C:C/I:C/A:C/E:F`
 * has a temporal score of 8.6), because a product of decimals that ends in 5 may lie below itself as a binary fraction.
 */
export function cvss2Scores(metrics: ReadonlyMap<string, string>): Cvss2Scores {
  const weight = (name: string): number => WEIGHTS[name]?.[metrics.get(name) ?? 'ND'] ?? 0;
  const any = (...names: readonly string[]) => names.some((name) => metrics.has(name));
  const base = baseOf(weight, impactOf(weight('C'), weight('I'), weight('A')));
  const decay = weight('E') * weight('RL') * weight('RC');
  const required = impactOf(
    weight('C') * weight('CR'),
    weight('I') * weight('IR'),
    weight('A') * weight('AR'),
  );
  const adjusted = tenth(baseOf(weight, Math.min(10, required)) * decay);
  const damage = tenth((adjusted + (10 - adjusted) * weight('CDP')) * weight('TD'));
  return {
    base,
    temporal: any('E', 'RL', 'RC') ? tenth(base * decay) : null,
    environmental: any('CDP', 'TD', 'CR', 'IR', 'AR') ? damage : null,
  };
}

const impactOf = (c: number, i: number, a: number): number => 10.41 * (1 - (1 - c) * (1 - i) * (1 - a));

function baseOf(weight: (name: string) => number, impact: number): number {
  const exploitability = 20 * weight('AC') * weight('Au') * weight('AV');
  return tenth((0.6 * impact + 0.4 * exploitability - 1.5) * (impact === 0 ? 0 : 1.176));
}

/** To one decimal, half up as in decimal arithmetic: what lies within 1e-9 below a half is that half. Never -0. */
const tenth = (value: number): number => Math.max(0, Math.round(value * 10 + 1e-9) / 10);
