import { fileURLToPath } from 'node:url';
import { CreatedApiKey } from '@backcheck/contract';
import { beforeAll, expect, test } from 'vitest';
import { RunningApp } from '../../server/src/testing/running-app.ts';
import { importCommand } from './import.ts';
import { listener } from './testing/listener.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/scans/nessus/', import.meta.url));

let server: string;
let key: string;
let organization: string;

beforeAll(async () => {
  const running = await RunningApp.start();
  await running.work();
  organization = await running.organization();
  const made = await running.send({
    method: 'POST',
    url: '/api/v1/api-keys',
    payload: { name: 'command line' },
  });
  key = CreatedApiKey.parse(made.json()).key;
  server = await running.app.listen({ host: '127.0.0.1', port: 0 });
});

test('a preview shows what a file can prove and imports nothing', async () => {
  const heard = listener();
  expect(await importCommand([`${FIXTURES}before.nessus`], { server, key, preview: true }, heard)).toBe(0);
  expect(heard.printed.join('')).toContain('1 of 2 assets reached\n');
  expect(heard.printed.join('')).toContain('5 new findings\n');
});

test('files are imported one after the other, and the sheet tells what closed and why the rest did not', async () => {
  const heard = listener();
  const files = [`${FIXTURES}before.nessus`, `${FIXTURES}after-narrow-ports.nessus`];
  expect(await importCommand(files, { server, key, organization }, heard)).toBe(0);
  const [, second] = heard.printed;
  expect(second).toContain('3 Verified fixed\n');
  expect(second).toMatch(/1 not closed: .*\(PORT_OUTSIDE\)/);
});

test('a file that was imported before changes nothing', async () => {
  const heard = listener();
  expect(await importCommand([`${FIXTURES}before.nessus`], { server, key }, heard)).toBe(0);
  expect(heard.printed.join('')).toContain('imported before');
});

test('a file that is no scan is refused with one sentence, and the others are still imported', async () => {
  const heard = listener();
  const files = [
    fileURLToPath(import.meta.url),
    `${FIXTURES}no-such-file.nessus`,
    `${FIXTURES}after-clean.nessus`,
  ];
  expect(await importCommand(files, { server, key }, heard)).toBe(2);
  expect(heard.complaints).toEqual([
    expect.stringContaining('not known'),
    expect.stringContaining('no such file'),
  ]);
  expect(heard.printed.join('')).toContain('after-clean.nessus  What this file can prove');
});

test('a wrong key and a server that is not there end with one sentence', async () => {
  for (const options of [
    { server, key: 'bk_wrong' },
    { server: 'http://127.0.0.1:9', key },
    { server: `${server}/x`, key },
  ]) {
    const heard = listener();
    expect(await importCommand([`${FIXTURES}before.nessus`], options, heard)).toBe(1);
    expect(heard.complaints).toHaveLength(1);
    expect(heard.printed).toEqual([]);
  }
});
