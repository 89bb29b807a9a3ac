import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Finding, FindingList, Import, readSupersessions, supersessionOf } from '@backcheck/contract';
import { sha256Hex, verifyCertificate } from '@backcheck/core';
import { findSuperseded } from '@backcheck/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunningApp } from '../testing/running-app.ts';
import { sarif } from '../testing/sarif.ts';
import { SealedLists } from './sealed-lists.ts';

const folder = mkdtempSync(join(tmpdir(), 'backcheck-paper-'));
const PAGE = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'"><title>Verify</title>`;
const canReadPdf = spawnSync('pdftotext', ['-v']).error === undefined;

let running: RunningApp;
let organizationId: string;
let id: string;
beforeAll(async () => {
  mkdirSync(join(folder, 'verify'));
  writeFileSync(join(folder, 'index.html'), '');
  writeFileSync(join(folder, 'verify/page.html'), PAGE);
  running = await RunningApp.start({ webFolder: folder });
  organizationId = await running.organization();
  await running.work();
  await importFile(sarif(['R1', 'R2'], '2026-01-01T10:00:00Z'));
  await importFile(sarif(['R2'], '2026-02-01T10:00:00Z', ['R1']));
  const { items } = FindingList.parse((await running.get('/api/v1/findings?check=examplescan:R1')).json());
  const finding = Finding.parse((await running.get(`/api/v1/findings/${items[0]?.id}`)).json());
  id = finding.certificateId ?? '';
});
afterAll(() => rmSync(folder, { recursive: true }));

async function importFile(file: string): Promise<void> {
  const sent = Import.parse((await running.upload(file, { organizationId, confirm: 'true' })).json());
  expect((await running.settled(sent.id)).problem).toBeNull();
}

/** As a stranger: no cookie, no key. */
const ask = (url: string, remoteAddress = '198.51.100.1') =>
  running.app.inject({ method: 'GET', url: `/api/v1/public${url}`, remoteAddress });
const paper = (language: string) => running.get(`/api/v1/certificates/${id}/paper?language=${language}`);

function textOf(pdf: Buffer): string {
  const file = join(folder, 'paper.pdf');
  writeFileSync(file, pdf);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
}

describe('a certificate on paper', () => {
  test.each(['zh', 'en', 'both'])('in %s is a PDF, and the same bytes each time', async (language) => {
    const [one, two] = [await paper(language), await paper(language)];
    expect(one.headers['content-type']).toBe('application/pdf');
    expect(one.rawPayload.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    expect(one.rawPayload.equals(two.rawPayload)).toBe(true);
  });

  test.skipIf(!canReadPdf)(
    'names the finding, the proof, the ledger and the hash of its machine form',
    async () => {
      const text = textOf((await paper('both')).rawPayload);
      const file = (await running.get(`/api/v1/certificates/${id}`)).body;
      const verdict = verifyCertificate(file);
      if (verdict.verdict !== 'valid') throw new Error(verdict.message);
      const { closure, leaf, entry, entryHash, key } = verdict;
      const hashes = [sha256Hex(file), leaf, entry.root, entryHash, key.fingerprint, closure.need.scan];
      for (const fact of [
        ...hashes,
        '销号证明',
        'Certificate of closure',
        'examplescan:R1',
        'Lakeside Hospital',
      ])
        expect(text).toContain(fact);
      expect(text).not.toContain('Superseded');
    },
  );

  test('is not for who may not read the certificate', async () => {
    const stranger = await running.visitor('Neighbour', []);
    expect((await stranger.get(`/api/v1/certificates/${id}/paper`)).statusCode).toBe(403);
    expect((await running.get(`/api/v1/certificates/${id}/paper?language=fr`)).statusCode).toBe(400);
    expect((await running.get('/api/v1/certificates/999999/paper')).statusCode).toBe(404);
  });

  test('is written down in the audit log', async () => {
    expect(await running.everyRow()).toContain('GET /api/v1/certificates/:id/paper');
  });
});

describe('without sign-in', () => {
  test('whoever has the hash from a paper gets the very certificate', async () => {
    const file = (await running.get(`/api/v1/certificates/${id}`)).body;
    const answer = await ask(`/certificates/${sha256Hex(file)}`);
    expect([answer.statusCode, answer.body]).toEqual([200, file]);
  });

  test('guessing hashes is answered by nothing, and soon has to wait', async () => {
    const guess = (digit: number) => ask(`/certificates/${`${digit}`.repeat(64)}`, '198.51.100.66');
    const answers = [];
    for (const digit of [1, 2, 3, 4, 5, 6, 7]) answers.push(await guess(digit));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404, 404, 404, 429]);
    expect(answers[0]?.json().code).toBe('CERTIFICATE_UNKNOWN');
    expect(Number(answers[6]?.headers['retry-after'])).toBeGreaterThan(0);
    const known = sha256Hex((await running.get(`/api/v1/certificates/${id}`)).body);
    expect((await ask(`/certificates/${known}`)).statusCode).toBe(200);
  });

  test('the public key and the page that verifies are there, the page under its own policy', async () => {
    const mine = (await running.get('/api/v1/public-key')).json();
    expect((await ask('/public-key')).json()).toEqual(mine);
    const page = await running.app.inject({ method: 'GET', url: '/verify' });
    expect(page.body).toBe(PAGE);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toBe(`default-src 'none'; frame-ancestors 'none'`);
  });
});

describe('when the finding is seen again', () => {
  let leaf: string;
  beforeAll(async () => {
    const verdict = verifyCertificate((await running.get(`/api/v1/certificates/${id}`)).body);
    leaf = verdict.verdict === 'valid' ? verdict.leaf : '';
    await importFile(sarif(['R1'], '2026-03-01T10:00:00Z'));
  });

  const listSince = async (since = '') => {
    const { publicKey } = (await ask('/public-key')).json();
    const read = readSupersessions((await ask(`/supersessions${since}`)).body, [publicKey]);
    if (read.verdict !== 'valid') throw new Error(read.message);
    return read.list;
  };

  test('the signed list says so to anybody, and tells nothing else of it', async () => {
    const list = await listSince();
    expect(supersessionOf(list, leaf)).toEqual({
      certificate: leaf,
      at: expect.any(String),
      cause: 'regressed',
    });
    expect(list.since).toBeNull();
    expect(list.until < list.issuedAt).toBe(true);
  });

  test('a list may begin later, and one that begins after it does not name it', async () => {
    const at = supersessionOf(await listSince(), leaf)?.at ?? '';
    expect(supersessionOf(await listSince(`?since=${at}`), leaf)).not.toBeNull();
    expect(supersessionOf(await listSince('?since=2099-01-01T00:00:00.000Z'), leaf)).toBeNull();
    expect((await ask('/supersessions?since=yesterday')).statusCode).toBe(400);
  });

  test('lists that end early follow each other, and none is left out between them', async () => {
    await importFile(sarif([], '2026-04-01T10:00:00Z', ['R1', 'R2']));
    await importFile(sarif(['R1', 'R2'], '2026-05-01T10:00:00Z'));
    const found: string[] = [];
    let since: string | null = null;
    for (let asked = 0; asked < 5; asked += 1) {
      const { rows, until } = await findSuperseded(running.parts.widePool, since, 1);
      found.push(...rows.map(({ certificate }) => certificate));
      if (until === null) break;
      expect(until > (since ?? '')).toBe(true);
      since = until;
    }
    const whole = await findSuperseded(running.parts.widePool, null, 100);
    expect(whole.rows).toHaveLength(3);
    expect([...new Set(found)]).toEqual(whole.rows.map(({ certificate }) => certificate));
  });

  test('whoever asks for lists without end has to wait, and the whole list is there for all', async () => {
    const answers = [];
    for (let asked = 0; asked < 25; asked += 1)
      answers.push((await ask('/supersessions?since=2099-01-01T00:00:00.000Z')).statusCode);
    expect(answers.at(-1)).toBe(429);
    expect((await ask('/supersessions')).statusCode).toBe(200);
  });

  test('the whole list is signed once, however many ask for it at the same time', async () => {
    const { widePool, clock, signingKey } = running.parts;
    let signed = 0;
    const counting = {
      ...signingKey,
      get secretKey() {
        signed += 1;
        return signingKey.secretKey;
      },
    };
    const lists = new SealedLists({ widePool, clock, signingKey: counting });
    await Promise.all(Array.from({ length: 50 }, () => lists.from(null)));
    expect(signed).toBe(1);
  });

  test.skipIf(!canReadPdf)('its paper is stamped, and the machine form stays what it was', async () => {
    const text = textOf((await paper('both')).rawPayload);
    for (const fact of ['起失效', 'No longer stands since', 'the finding was seen again'])
      expect(text).toContain(fact);
    expect(text).not.toContain('Valid until');
    expect(verifyCertificate((await running.get(`/api/v1/certificates/${id}`)).body).verdict).toBe('valid');
  });
});

test('the template names no file and no network', () => {
  const template = readFileSync(new URL('./certificate.typ', import.meta.url), 'utf8');
  expect(template).not.toMatch(/#import|#include|read\(|http/);
});
