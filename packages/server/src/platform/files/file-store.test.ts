import { createHash, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEvidenceKeys, rotateEvidenceKeys } from '../keys/evidence-keys.ts';
import { BlobMissing } from './blobs.ts';
import { SealBroken } from './envelope.ts';
import { openFileStore } from './file-store.ts';

let folder: string;
let keyFile: string;
beforeEach(() => {
  const base = mkdtempSync(join(tmpdir(), 'backcheck-files-'));
  folder = join(base, 'files');
  keyFile = join(base, 'keys/evidence-keys.json');
});
afterEach(() => rmSync(dirname(folder), { recursive: true }));

const now = new Date();
const open = async () => openFileStore({ folder, now, keys: await openEvidenceKeys(keyFile, now) });
const incoming = () => readdirSync(join(folder, 'incoming'));
const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
const placeOf = (name: string) => join(folder, 'sha256', name.slice(0, 2), name.slice(2));
const from = (...parts: (string | Buffer)[]) => Readable.from(parts.map((one) => Buffer.from(one)));
const SECRET = 'CVE-2026-4711 on the pump controller of ward 3';

async function stored(store: Awaited<ReturnType<typeof open>>, content: string | Buffer): Promise<string> {
  const pending = await store.receive(from(content));
  await pending.keep();
  return pending.sha256;
}

function putPlain(content: string | Buffer): string {
  const name = sha256(content);
  mkdirSync(dirname(placeOf(name)), { recursive: true });
  writeFileSync(placeOf(name), content);
  return name;
}

/** Everything that lies under the store, as somebody reads it who copies the disk. */
function everyByte(under: string): string {
  return readdirSync(under, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'))
    .join('\n');
}

describe('a file in the store', () => {
  it('is found by the SHA-256 of its content, readable by nobody else', async () => {
    const store = await open();
    const pending = await store.receive(from('a ', 'scan'));
    expect(pending).toMatchObject({ sha256: sha256('a scan'), sizeBytes: 6 });
    await pending.keep();
    expect((await buffer(store.read(pending.sha256))).toString()).toBe('a scan');
    expect(statSync(placeOf(pending.sha256)).mode & 0o777).toBe(0o600);
    expect(incoming()).toEqual([]);
  });

  it('is kept once, however often it is sent, also at the same time', async () => {
    const store = await open();
    const pending = await Promise.all([1, 2, 3].map(() => store.receive(from('same'))));
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
    await (await store.receive(from('unwanted'))).drop();
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

  it('is nowhere in clear, neither while it comes nor when it is there', async () => {
    const store = await open();
    const pending = await store.receive(from(SECRET, randomBytes(200_000), SECRET));
    expect(everyByte(folder).length).toBeGreaterThan(200_000);
    expect(everyByte(folder)).not.toContain('pump controller');
    await pending.keep();
    expect(everyByte(dirname(folder))).not.toContain('pump controller');
  });

  it('that is empty, or is not there, is told apart', async () => {
    const store = await open();
    const name = await stored(store, '');
    expect(await buffer(store.read(name))).toHaveLength(0);
    await expect(buffer(store.read('0'.repeat(64)))).rejects.toThrow(BlobMissing);
  });

  it('stays closed when somebody stops reading it half way', async () => {
    const store = await open();
    const name = await stored(store, randomBytes(500_000));
    const reading = store.read(name);
    expect((await reading.next()).value).toHaveLength(64 * 1024);
    await reading.return();
    expect(await buffer(store.read(name))).toHaveLength(500_000);
  });
});

describe('what was done to the disk', () => {
  it('is told: a changed byte, a cut end, another head', async () => {
    const store = await open();
    const name = await stored(store, randomBytes(100_000));
    const right = readFileSync(placeOf(name));
    for (const place of [0, 20, 60, 140, 70_000, right.length - 1]) {
      const wrong = Buffer.from(right);
      wrong[place] = (wrong[place] ?? 0) ^ 0x80;
      writeFileSync(placeOf(name), wrong);
      await expect(buffer(store.read(name)), `byte ${place}`).rejects.toThrow(SealBroken);
    }
    for (const length of [0, 100, 136, 65_688, right.length - 1]) {
      writeFileSync(placeOf(name), right.subarray(0, length));
      await expect(buffer(store.read(name)), `cut at ${length}`).rejects.toThrow(SealBroken);
    }
  });

  it('is told: a sealed file of ours in the place of another one', async () => {
    const store = await open();
    const [wanted, other] = [await stored(store, 'fixed'), await stored(store, 'still there')];
    copyFileSync(placeOf(other), placeOf(wanted));
    await expect(buffer(store.read(wanted))).rejects.toThrow(/that of another file/);
  });

  it('is told: plain bytes in the place of a sealed file', async () => {
    const store = await open();
    const name = await stored(store, 'fixed');
    writeFileSync(placeOf(name), 'forged'.repeat(100));
    await expect(buffer(store.read(name))).rejects.toThrow(/another hash/);
  });

  it('is told: a key file that is lost and made anew', async () => {
    await stored(await open(), 'a scan');
    rmSync(keyFile);
    await expect(open()).rejects.toThrow(/which the key file does not hold/);
  });
});

describe('rotation of keys', () => {
  it('seals new files under the new key at once, and brings the old ones under it by their heads alone', async () => {
    const store = await open();
    const before = await stored(store, randomBytes(300_000));
    const body = readFileSync(placeOf(before)).subarray(136);
    expect(await rotateEvidenceKeys(keyFile, new Date())).toBe(2);
    const after = await stored(store, 'newer');
    expect(await store.renew(after)).toBe('current');
    expect(await store.renew(before)).toBe('rewrapped');
    expect(await store.renew(before)).toBe('current');
    expect(readFileSync(placeOf(before)).subarray(136).equals(body)).toBe(true);
    const { keys, ...rest } = JSON.parse(readFileSync(keyFile, 'utf8'));
    writeFileSync(keyFile, JSON.stringify({ ...rest, keys: keys.slice(1) }));
    const withoutOld = await open();
    expect(sha256(await buffer(withoutOld.read(before)))).toBe(before);
    expect((await buffer(withoutOld.read(after))).toString()).toBe('newer');
  });

  it('cut off in the middle of writing a head leaves the file readable', async () => {
    const store = await open();
    const name = await stored(store, 'a scan');
    const right = readFileSync(placeOf(name));
    await rotateEvidenceKeys(keyFile, new Date());
    await store.renew(name);
    const rewritten = readFileSync(placeOf(name));
    for (let written = 0; written <= 136; written += 4) {
      const torn = Buffer.concat([rewritten.subarray(0, written), right.subarray(written)]);
      writeFileSync(placeOf(name), torn);
      expect((await buffer((await open()).read(name))).toString(), `${written} bytes`).toBe('a scan');
      await store.renew(name);
      expect((await buffer(store.read(name))).toString()).toBe('a scan');
    }
  });

  it('twice without an end of the first still finds every file', async () => {
    const store = await open();
    const name = await stored(store, 'a scan');
    for (let round = 0; round < 3; round++) {
      await rotateEvidenceKeys(keyFile, new Date());
      expect(await store.renew(name)).toBe('rewrapped');
      expect((await buffer(store.read(name))).toString()).toBe('a scan');
    }
  });

  it('at the same time as another one is refused: the key of neither is lost', async () => {
    await open();
    const both = await Promise.allSettled([1, 2].map(() => rotateEvidenceKeys(keyFile, new Date())));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(JSON.parse(readFileSync(keyFile, 'utf8')).keys).toHaveLength(2);
    writeFileSync(`${keyFile}.new`, 'of one that was cut off');
    await expect(rotateEvidenceKeys(keyFile, new Date())).rejects.toThrow(/remove/);
  });

  it('keeps the key file to its owner, and stops at one that is damaged', async () => {
    await open();
    await rotateEvidenceKeys(keyFile, new Date());
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    writeFileSync(keyFile, '{');
    await expect(open()).rejects.toThrow(/damaged/);
  });
});

describe('a file of an earlier version, which is plain', () => {
  it('is read, and sealed when its turn comes', async () => {
    const name = putPlain(SECRET);
    const store = await open();
    expect((await buffer(store.read(name))).toString()).toBe(SECRET);
    expect(await store.renew(name)).toBe('sealed');
    expect(everyByte(folder)).not.toContain('pump controller');
    expect((await buffer(store.read(name))).toString()).toBe(SECRET);
    expect(await store.renew(name)).toBe('current');
    expect(incoming()).toEqual([]);
  });

  it('is read and sealed although it begins as a sealed one does, and does not keep the store closed', async () => {
    const sender = await open();
    const other = readFileSync(placeOf(await stored(sender, 'somebody else sent this')), 'latin1');
    rmSync(join(folder, 'sha256'), { recursive: true });
    for (const content of ['BCSEAL\0\x01', `BCSEAL\0\x01${'\x07'.repeat(300)}`, other]) {
      const name = putPlain(Buffer.from(content, 'latin1'));
      const store = await open();
      expect((await buffer(store.read(name))).toString('latin1')).toBe(content);
      expect(await store.renew(name)).toBe('sealed');
      expect((await buffer((await open()).read(name))).toString('latin1')).toBe(content);
    }
  });

  it('that was changed is not sealed as if it were right', async () => {
    const name = putPlain(SECRET);
    writeFileSync(placeOf(name), `${SECRET}!`);
    const store = await open();
    await expect(store.renew(name)).rejects.toThrow(/another hash/);
    expect(incoming()).toEqual([]);
  });
});

describe('removing', () => {
  it('leaves a file that somebody sent again meanwhile', async () => {
    const store = await open();
    const name = await stored(store, 'a scan');
    expect(await store.remove(name, new Date(Date.now() - 60_000))).toBe(false);
    utimesSync(placeOf(name), 0, 0);
    await stored(store, 'a scan');
    expect(await store.remove(name, new Date(Date.now() - 60_000))).toBe(false);
    utimesSync(placeOf(name), 0, 0);
    expect(await store.remove(name, new Date(Date.now() - 60_000))).toBe(true);
    expect(await store.remove(name, new Date(Date.now() - 60_000))).toBe(true);
    expect(readdirSync(join(folder, 'going'))).toEqual([]);
    await stored(store, 'a scan');
    expect((await buffer(store.read(name))).toString()).toBe('a scan');
  });

  it('that a kill cut off gives the file back', async () => {
    const store = await open();
    const name = await stored(store, 'a scan');
    mkdirSync(join(folder, 'going'));
    copyFileSync(placeOf(name), join(folder, 'going', name));
    rmSync(placeOf(name));
    const again = await open();
    expect((await buffer(again.read(name))).toString()).toBe('a scan');
    expect(readdirSync(join(folder, 'going'))).toEqual([]);
  });

  it('knows what is there', async () => {
    const store = await open();
    const names = [await stored(store, 'one'), await stored(store, 'two')].sort();
    const there: string[] = [];
    for await (const name of store.names()) there.push(name);
    expect(there).toEqual(names);
  });
});
