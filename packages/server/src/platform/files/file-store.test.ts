import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileStore } from './file-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backcheck-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openFileStore(folder, new Date());
const incoming = () => readdirSync(join(folder, 'incoming'));
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a file in the store', () => {
  it('is found by the SHA-256 of its content, readable by nobody else', async () => {
    const store = await open();
    const pending = await store.receive(Readable.from([Buffer.from('a '), Buffer.from('scan')]));
    expect(pending).toMatchObject({ sha256: sha256('a scan'), sizeBytes: 6 });
    await pending.keep();
    expect((await buffer(store.read(pending.sha256))).toString()).toBe('a scan');
    const place = join(folder, 'sha256', pending.sha256.slice(0, 2), pending.sha256.slice(2));
    expect(statSync(place).mode & 0o777).toBe(0o600);
    expect(incoming()).toEqual([]);
  });

  it('is kept once, however often it is sent, also at the same time', async () => {
    const store = await open();
    const pending = await Promise.all(
      [1, 2, 3].map(() => store.receive(Readable.from([Buffer.from('same')]))),
    );
    await Promise.all(pending.map((one) => one.keep()));
    expect(incoming()).toEqual([]);
    expect((await buffer(store.read(sha256('same')))).toString()).toBe('same');
  });

  it('leaves nothing behind when its upload breaks or is not wanted', async () => {
    const store = await open();
    const broken = new Readable({ read: () => undefined });
    broken.push('half');
    setTimeout(() => broken.destroy(new Error('connection lost')), 10);
    await expect(store.receive(broken)).rejects.toThrow('connection lost');
    await (await store.receive(Readable.from([Buffer.from('unwanted')]))).drop();
    expect(incoming()).toEqual([]);
    expect(readdirSync(folder)).toEqual(['incoming']);
  });

  it('that a kill left half written is removed a day later, and a running upload is not', async () => {
    await open();
    for (const name of ['old', 'running']) writeFileSync(join(folder, 'incoming', name), 'half');
    utimesSync(join(folder, 'incoming/old'), 0, 0);
    await open();
    expect(incoming()).toEqual(['running']);
  });
});
