import type { Identifier } from '@backcheck/core';

interface HouseScan {
  /** Of the scan and of each visit. */
  readonly at: string;
  /** What each asset of the scan showed; the first one is what the tool addressed. */
  readonly assets: readonly (readonly Identifier[])[];
  /** Whether the one check of the tool reported on port 443 of each; else its silence covers it. */
  readonly present: boolean;
}

/** A file in Backcheck's own format (`backcheck read`) of a complete run of an invented tool with one check. */
export function houseScan({ at, assets, present }: HouseScan): string {
  const records: object[] = [
    {
      record: 'scan',
      format: 'house-audit',
      tool: { name: 'house-audit', version: '1.0', feed: null },
      startedAt: at,
      finishedAt: at,
      timeSource: 'file',
      complete: true,
      sha256: '0'.repeat(64),
    },
  ];
  assets.forEach((identifiers, index) => {
    const asset = `a${index}`;
    const place = { asset, transport: 'tcp' };
    records.push({
      record: 'asset',
      id: asset,
      identifiers,
      reached: true,
      startedAt: at,
      finishedAt: at,
      credential: 'none',
    });
    const checks = { ids: ['house-audit:weak-tls'] };
    records.push({
      record: 'coverage',
      ...place,
      ports: '1-65535',
      checks,
      method: 'remote',
      evidence: 'E2',
      assumptions: [],
    });
    if (!present) return;
    const title = 'Weak TLS is offered';
    const facts = { check: 'house-audit:weak-tls', locus: '', verdict: 'present', title, severity: 'high' };
    records.push({
      record: 'observation',
      ...place,
      port: 443,
      ...facts,
      cve: [],
      cwe: [],
      cvss: [],
      at: null,
    });
  });
  const coverage = assets.length;
  const observations = present ? coverage : 0;
  records.push({ record: 'end', assets: coverage, observations, coverage, warnings: 0 });
  return records.map((one) => `${JSON.stringify(one)}\n`).join('');
}
