import type { Transport } from './record.ts';

/** What makes two observations speak of the same finding: asset x service x check x locus. */
export interface FindingKey {
  /** `identityOf` the asset. */
  readonly asset: string;
  readonly transport: Transport;
  readonly port: number;
  readonly check: string;
  readonly locus: string;
}

/** One text for one key. U+001F cannot stand in any part: readers drop control characters. */
export function keyText(key: FindingKey): string {
  return [key.asset, key.transport, key.port, key.check, key.locus].join('\u001f');
}

/** "nmap-script:ssl-poodle" -> "nmap-script". */
export function checkPrefix(check: string): string {
  const colon = check.indexOf(':');
  return colon < 0 ? check : check.slice(0, colon);
}

/** Whether a tool runs checks with this prefix: nmap runs "nmap:…" and "nmap-script:…". */
export function runsCheck(tool: string, check: string): boolean {
  const prefix = checkPrefix(check);
  return prefix === tool || prefix.startsWith(`${tool}-`);
}
