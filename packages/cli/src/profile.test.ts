import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CreatedApiKey } from '@backcheck/contract';
import { expect, test } from 'vitest';
import { RunningApp } from '../../server/src/testing/running-app.ts';
import { importCommand } from './import.ts';
import { replayCommand } from './replay.ts';
import { listener } from './testing/listener.ts';

const fixture = (path: string) => fileURLToPath(new URL(`../../../fixtures/${path}`, import.meta.url));
const PROFILE = fixture('scan-profiles/nessus-all-plugins.json');
const FILES = [
  fixture('scans/nessus/before.nessus'),
  fixture('scans/nessus/after-without-launched-list.nessus'),
];

test('replay reads scans by a profile, and says which file is none', async () => {
  const end = async (profile?: string) => {
    const heard = listener();
    expect(await replayCommand(FILES, { json: true, profile }, heard)).toBe(0);
    return JSON.parse(heard.printed.at(-1) ?? '');
  };
  expect(await end()).toMatchObject({ 'verified-fixed': 0, 'fixed-unverified': 4 });
  expect(await end(PROFILE)).toMatchObject({ 'verified-fixed': 4, 'fixed-unverified': 0 });
  const heard = listener();
  expect(await replayCommand(FILES, { profile: FILES[0] }, heard)).toBe(2);
  expect(heard.complaints.join('')).toContain('before.nessus: not a scan profile');
});

test('import names a registered profile by its name', async () => {
  let now = new Date('2026-08-01T00:00:00Z');
  const running = await RunningApp.start({ clock: () => now });
  await running.work();
  await running.organization();
  const content: unknown = JSON.parse(readFileSync(PROFILE, 'utf8'));
  await running.send({ method: 'POST', url: '/api/v1/scan-profiles', payload: { content } });
  now = new Date();
  const made = await running.send({
    method: 'POST',
    url: '/api/v1/api-keys',
    payload: { name: 'command line' },
  });
  const { key } = CreatedApiKey.parse(made.json());
  const server = await running.app.listen({ host: '127.0.0.1', port: 0 });

  const heard = listener();
  expect(await importCommand(FILES, { server, key, profile: 'nessus-all-plugin' }, heard)).toBe(1);
  expect(heard.complaints.join('')).toContain('nessus-all-plugins');
  expect(await importCommand(FILES, { server, key, profile: 'nessus-all-plugins' }, heard)).toBe(0);
  expect(heard.printed.at(-1)).toContain('4 Verified fixed\n');
});
