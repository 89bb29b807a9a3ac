import { createReadStream, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { foldWorld, type ImportedScan } from '@backcheck/core';
import { collectScan, readScan } from '@backcheck/scans';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CityFile, CityOrganization } from './city-recorder.ts';

const CITY = fileURLToPath(new URL('../../fixtures/city/', import.meta.url));
const manifest: { organizations: CityOrganization[] } = JSON.parse(
  readFileSync(`${CITY}manifest.json`, 'utf8'),
);
/** Imported long after all scans. */
const IMPORTED_AT = '2030-01-01T00:00:00.000Z';

async function imported({ path, declaredAt, submittedBy, vantage }: CityFile): Promise<ImportedScan> {
  const options = declaredAt === undefined ? {} : { declaredAt };
  return {
    ...(await collectScan(readScan(createReadStream(CITY + path), options))),
    importedAt: IMPORTED_AT,
    vantage: vantage ?? 'main',
    submittedBy: submittedBy ?? 'coordinator',
    declaredBy: declaredAt === undefined ? null : 'coordinator',
    quarantined: false,
  };
}

/** "192.0.2.11 443 testssl:TLS1": "open NO_HOST", for each finding of each organization. */
const told = new Map<string, string>();

beforeAll(async () => {
  for (const { files } of manifest.organizations) {
    for (const { key, state, reason } of foldWorld(await Promise.all(files.map(imported)))) {
      const name = `${key.asset.replace('ip:', '')} ${key.port} ${key.check} ${key.locus}`.trim();
      told.set(name, `${state} ${reason ?? ''}`.trim());
    }
  }
});

describe('the invented city of the demo', () => {
  it.each([
    ['192.0.2.11 443 sslscan:tls1.0', 'verified-fixed'],
    ['192.0.2.11 443 nmap-script:ssl-cert weak-key', 'verified-fixed'],
    ['192.0.2.11 443 testssl:TLS1', 'verified-fixed'],
    ['192.0.2.12 8443 testssl:TLS1', 'regressed'],
    ['192.0.2.12 8080 nmap:open-port', 'regressed'],
    ['192.0.2.21 443 nmap:open-port', 'open NO_HOST'],
    ['192.0.2.21 443 sslscan:tls1.0', 'open NO_HOST'],
    ['192.0.2.21 443 testssl:TLS1', 'open NO_HOST'],
    ['192.0.2.22 8080 nmap:open-port', 'open TIMEOUT'],
    ['192.0.2.31 443 nmap:open-port', 'open PORT_OUTSIDE'],
    ['192.0.2.31 443 sslscan:tls1.0', 'open PORT_OUTSIDE'],
    ['192.0.2.31 443 testssl:TLS1', 'open PORT_OUTSIDE'],
    ['192.0.2.41 443 sslscan:tls1.0', 'open CHECK_NOT_RUN'],
    ['192.0.2.41 443 nmap-script:ssl-cert weak-key', 'open CHECK_NOT_RUN'],
    ['192.0.2.41 443 testssl:TLS1', 'fixed-unverified SELF_SUBMITTED'],
    ['192.0.2.51 443 testssl:TLS1', 'verified-fixed'],
    ['192.0.2.51 443 testssl:LUCKY13', 'open INCOMPLETE'],
    ['192.0.2.51 443 sslscan:tls1.0', 'open'],
    ['192.0.2.52 443 nmap-script:ssl-cert weak-key', 'open IDENTITY_CONFLICT'],
    ['192.0.2.61 443 sslscan:tls1.0', 'open NO_TIME'],
    ['192.0.2.61 443 nmap-script:ssl-cert weak-key', 'open OTHER_VANTAGE'],
    ['192.0.2.61 443 testssl:TLS1', 'open STALE'],
    ['192.0.2.62 443 nmap-script:ssl-cert weak-key', 'open BLOCKED'],
  ])('says of %s: %s', (finding, state) => {
    expect(told.get(finding)).toBe(state);
  });

  it('lists each file once', () => {
    const paths = manifest.organizations.flatMap(({ files }) => files.map(({ path }) => path));
    expect(new Set(paths).size).toBe(paths.length);
  });
});
