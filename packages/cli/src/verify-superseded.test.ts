import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SupersessionList, sealSupersessions } from '@backcheck/contract';
import { verifyCertificate } from '@backcheck/core';
import { afterAll, describe, expect, test } from 'vitest';
import { verifyCommand } from './verify.ts';
import type { Language } from './verify-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'backcheck-superseded-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CERTIFICATE = fileURLToPath(
  new URL('../../../fixtures/certificates/valid/explicit.json', import.meta.url),
);
/** The seed of the vectors' key: RFC 8032 section 7.1, test 1. */
const SEED = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
const OTHER_SEED = Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex');

const verdict = verifyCertificate(readFileSync(CERTIFICATE));
if (verdict.verdict !== 'valid') throw new Error('the fixture is valid');
const at = '2026-05-01T08:00:00.000Z';
const list: SupersessionList = {
  issuedAt: '2026-05-02T08:00:00.000Z',
  since: null,
  until: '2026-05-02T07:00:00.000Z',
  entries: [{ certificate: verdict.leaf, at, cause: 'regressed' }],
};

function fileOf(text: string): string {
  const file = join(folder, 'list.json');
  writeFileSync(file, text);
  return file;
}

async function verify(superseded: string, language: Language = 'en') {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const exit = await verifyCommand([CERTIFICATE], { superseded }, { out: write, err: write, language });
  return { exit, text: lines.join('\n') };
}

describe('backcheck verify --superseded', () => {
  test('says that a certificate on the list no longer stands, in both languages', async () => {
    const file = fileOf(sealSupersessions(list, SEED));
    expect(await verify(file)).toEqual({
      exit: 1,
      text: expect.stringContaining(`SUPERSEDED since ${at}: the finding was seen again`),
    });
    expect((await verify(file, 'zh')).text).toContain(`已失效，自 ${at} 起：问题再次被发现`);
  });

  test('says up to when a list is whole that does not name it', async () => {
    const file = fileOf(sealSupersessions({ ...list, entries: [] }, SEED));
    expect(await verify(file)).toEqual({
      exit: 0,
      text: expect.stringContaining(`not on the list of superseded certificates of ${list.issuedAt}`),
    });
  });

  test('does not believe a list that another key signed, or one byte of which was changed', async () => {
    const good = sealSupersessions(list, SEED);
    const others = sealSupersessions(list, OTHER_SEED);
    const cut = good.slice(0, -40);
    const flipped = good.replace(
      /"sig":"./,
      (start) => `${start.slice(0, -1)}${start.endsWith('A') ? 'B' : 'A'}`,
    );
    for (const text of [
      others,
      cut,
      flipped,
      '{}',
      'no list',
      `${good} `,
      readFileSync(CERTIFICATE, 'utf8'),
    ]) {
      expect(await verify(fileOf(text))).toEqual({ exit: 2, text: expect.stringContaining('not usable') });
    }
  });

  test('does not believe a list with anything unknown in it, even if it is signed', async () => {
    const more = { ...list, entries: [{ certificate: verdict.leaf, at, cause: 'regressed', note: 'x' }] };
    const bad = { ...list, entries: [{ certificate: verdict.leaf, at, cause: 'whim' }] };
    for (const one of [more, bad]) {
      const file = fileOf(sealSupersessions(one as SupersessionList, SEED));
      expect(await verify(file)).toEqual({ exit: 2, text: expect.stringContaining('not usable') });
    }
  });

  test('calls a missing list unreadable', async () => {
    expect(await verify(join(folder, 'none.json'))).toEqual({
      exit: 2,
      text: expect.stringContaining('ENOENT'),
    });
  });
});
