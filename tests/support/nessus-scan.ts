import type { Identifier, ImportedScan } from '@backcheck/core';

/** A complete run of one day; each of the machines showed the one weakness, or is covered and did not. */
export function nessusScan(day: string, seen: boolean, ...machines: Identifier[][]): ImportedScan {
  const at = (hour: number) => new Date(Date.parse(day) + hour * 3_600_000).toISOString();
  const times = { startedAt: at(1), finishedAt: at(2) };
  const place = (index: number) => ({ asset: `a${index}`, transport: 'tcp' as const });
  return {
    scan: {
      record: 'scan',
      format: 'nessus',
      tool: { name: 'nessus', version: '7.1', feed: null },
      startedAt: at(0),
      finishedAt: at(3),
      timeSource: 'file',
      complete: true,
      sha256: `${Date.parse(day).toString(16)}${seen ? 'a' : 'b'}`.padEnd(64, '0'),
    },
    assets: machines.map((identifiers, index) => ({
      record: 'asset',
      id: `a${index}`,
      identifiers,
      reached: true,
      ...times,
      credential: 'none',
    })),
    coverage: machines.map((_, index) => ({
      record: 'coverage',
      ...place(index),
      ports: '1-65535',
      checks: { ranges: '100-400' },
      method: 'remote',
      evidence: 'E2',
      assumptions: [],
    })),
    observations: (seen ? machines : []).map((_, index) => ({
      record: 'observation',
      ...place(index),
      port: 443,
      check: 'nessus:104',
      locus: '',
      verdict: 'present',
      title: 'TLS 1.0 is offered',
      severity: 'medium',
      cve: [],
      cwe: [],
      cvss: [],
      at: null,
    })),
    warnings: [],
    importedAt: at(4),
    vantage: 'main',
    submittedBy: 'coordinator',
    declaredBy: null,
    quarantined: false,
  };
}
