import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Fact } from '@backcheck/core';
import { collectScan, readScan } from '@backcheck/scans';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { Said } from './answer.ts';
import { BUILT_IN_CHECKS } from './checks.ts';
import { wordsOf } from './explanations.ts';
import { BUILT_IN_VERSION, type Run, recordsOf } from './records.ts';

const AT = '2026-11-21T02:00:00.000Z';
const place = { transport: 'tcp', port: 443 } as const;
const run = (...said: Said[]): Run => ({
  host: 'www.example.org',
  address: '192.0.2.7',
  reached: true,
  startedAt: AT,
  finishedAt: '2026-11-21T02:00:09.000Z',
  answers: said.map((one) => ({ ...place, said: one })),
});

const TLS = { check: 'backcheck-tls:tls1.0', locus: '' };
const MAC = { check: 'backcheck-ssh:mac', locus: '' };
const ALL: readonly Said[] = [
  { ...TLS, verdict: 'present', detail: 'by \u0000\u0007“a server”\n'.repeat(100) },
  { check: 'backcheck-tls:ssl3', locus: '', verdict: 'absent' },
  { check: 'backcheck-tls:ssl2', locus: '', verdict: 'error', reason: 'BLOCKED', detail: 'reset' },
  { check: 'backcheck-http:hsts', locus: '', verdict: 'error', reason: 'CHECK_NOT_RUN', detail: 'no HTTP' },
  { ...MAC, verdict: 'listed' },
  { check: 'backcheck-banner:version', locus: 'OpenSSH<9.3', verdict: 'present', detail: 'OpenSSH 9.2p1' },
  { check: 'backcheck-tls:unheard-of', locus: '', verdict: 'error', reason: 'CHECK_NOT_RUN', detail: '' },
];

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const read = (text: string) => collectScan(readScan(bytes(text)));

describe('the file of a run', () => {
  it('is written by the published schema, line by line', async () => {
    const schema = await readFile(
      fileURLToPath(new URL('../../../../docs/read-records.schema.json', import.meta.url)),
      'utf8',
    );
    const valid = new Ajv2020().compile(JSON.parse(schema));
    for (const reached of [true, false])
      for (const line of recordsOf({ ...run(...ALL), reached })
        .trim()
        .split('\n'))
        expect(valid(JSON.parse(line)), `${line} ${JSON.stringify(valid.errors)}`).toBe(true);
  });

  it('is read whole, with the times and the version that it states', async () => {
    const { scan, assets, warnings } = await read(recordsOf(run(...ALL)));
    expect(scan).toMatchObject({
      format: 'backcheck-jsonl',
      complete: true,
      timeSource: 'file',
      startedAt: AT,
    });
    expect(scan.truncated).toBeUndefined();
    expect(scan.tool).toEqual({ name: 'backcheck', version: BUILT_IN_VERSION, feed: null });
    expect(assets[0]?.identifiers).toEqual([
      { kind: 'fqdn', value: 'www.example.org' },
      { kind: 'ip', value: '192.0.2.7' },
    ]);
    expect(warnings.map((one) => one.code)).toEqual(['NO_ANSWER', 'NO_ANSWER', 'NO_ANSWER']);
  });

  it('says of each answer what it is worth', async () => {
    const { observations, coverage } = await read(recordsOf(run(...ALL)));
    expect(observations.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
      'backcheck-tls:tls1.0 present',
      'backcheck-tls:ssl3 absent',
      'backcheck-http:hsts error',
      'backcheck-banner:version present',
      'backcheck-tls:unheard-of error',
    ]);
    expect(coverage).toMatchObject([
      {
        evidence: 'E0',
        reason: 'BLOCKED',
        within: [''],
        ports: '443',
        checks: { ids: ['backcheck-tls:ssl2'] },
      },
      { evidence: 'E3', ports: '443', checks: { ids: ['backcheck-ssh:mac'] } },
    ]);
    expect(observations.find(({ check }) => check === 'backcheck-banner:version')?.method).toBe('banner');
  });

  it('lets no server write more than a line into a title', async () => {
    const { observations } = await read(recordsOf(run(...ALL)));
    expect(observations[0]?.title).toMatch(/^TLS 1\.0 is offered \([^\p{C}]{1,300}\)$/u);
  });

  it('explains what it found, once for each check', async () => {
    const twice: Said[] = ['a', 'b'].map((locus) => ({ ...TLS, locus, verdict: 'present' }));
    const facts: Fact[] = [];
    for await (const some of readScan(bytes(recordsOf(run(...twice, ...ALL))))) facts.push(...some);
    const explained = facts.filter((fact) => fact.record === 'explanation');
    expect(explained.map((one) => one.check)).toEqual(['backcheck-tls:tls1.0', 'backcheck-banner:version']);
    expect(explained[0]?.advice).toBe('Offer TLS 1.2 and 1.3 only.');
  });

  it.each(Object.keys(BUILT_IN_CHECKS))('has words for %s', (check) => {
    expect(Object.values(wordsOf(check)).filter((text) => text === '')).toEqual([]);
  });

  it('says why a target was not reached', async () => {
    const silent: Said[] = [
      { ...TLS, verdict: 'error', reason: 'TIMEOUT', detail: '' },
      { ...MAC, verdict: 'error', reason: 'CHECK_NOT_RUN', detail: '' },
    ];
    const { assets } = await read(recordsOf({ ...run(...silent), reached: false }));
    expect(assets).toMatchObject([{ reached: false, reason: 'TIMEOUT' }]);
  });
});
