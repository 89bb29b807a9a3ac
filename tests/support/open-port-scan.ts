import type { Identifier } from '@backcheck/core';

/** A file of Backcheck's own probes that found this port open on each of the assets: an address, or what else names it. */
export function openPortScan(
  assets: readonly (string | Identifier)[],
  { port, at }: { port: number; at: string },
): string {
  const check = 'backcheck-tcp:open-port';
  const title = 'Open TCP port';
  const records: object[] = [
    {
      record: 'scan',
      format: 'backcheck',
      tool: { name: 'backcheck', version: '0.1.0', feed: null },
      startedAt: at,
      finishedAt: at,
      timeSource: 'file',
      complete: true,
      sha256: '0'.repeat(64),
    },
  ];
  for (const [index, asset] of assets.entries()) {
    const place = { asset: `a${index}`, transport: 'tcp' };
    const identifiers = [typeof asset === 'string' ? { kind: 'ip', value: asset } : asset];
    const visit = { reached: true, startedAt: at, finishedAt: at, credential: 'none' };
    const claim = {
      ports: String(port),
      checks: { ids: [check] },
      method: 'remote',
      evidence: 'E3',
      assumptions: [],
    };
    const facts = { port, check, locus: '', verdict: 'present', title, severity: 'medium' };
    records.push(
      { record: 'asset', id: place.asset, identifiers, ...visit },
      { record: 'coverage', ...place, ...claim },
      { record: 'observation', ...place, ...facts, cve: [], cwe: [], cvss: [], at: null },
    );
  }
  const many = assets.length;
  records.push({ record: 'end', assets: many, observations: many, coverage: many, warnings: 0 });
  return records.map((one) => `${JSON.stringify(one)}\n`).join('');
}
