import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CoverageRecord, PROMISABLE, ProfileLift, type ScanProfile } from '@backcheck/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { gather } from '../../packages/scans/src/testing/gather.ts';
import { ownScans } from '../support/shared-corpus.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const text = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');

/** A file of profiles/, in the shape that the first test proves. */
interface Profile extends ScanProfile {
  readonly file: string;
  readonly options: string;
}

const profiles: Profile[] = readdirSync(join(PROJECT, 'profiles'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.name.endsWith('.json'))
  .map((entry) => relative(PROJECT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  .map((file) => ({ ...JSON.parse(text(file)), file }));

const LATER = '2029-06-01T00:00:00.000Z';
/** The list of launched plugins, which no CSV among the fixtures has. */
const LAUNCHED = '112154,,,None,192.0.2.10,tcp,0,Nessus Launched Plugin List,,,"10114, 22964, 51192",\n';

const files = [
  ...ownScans().map((file) => file.bytes()),
  Buffer.from(`${text('fixtures/scans/nessus/after.csv')}${LAUNCHED}`),
];
const scans = await Promise.all(files.map((bytes) => gather(bytes, { declaredAt: LATER })));

/** The claims of a tool's files that rest on assumptions. */
const assumedBy = (tool: string): CoverageRecord[] =>
  scans
    .filter(({ scan }) => scan.tool.name === tool)
    .flatMap(({ coverage }) => coverage.filter(({ evidence }) => evidence === 'E1'));

describe('every scan profile that comes with Backcheck', () => {
  const valid = new Ajv2020({ allErrors: true }).compile(JSON.parse(text('docs/scan-profile.schema.json')));

  test.each(profiles)(
    '$file is a profile by the published schema, named as its folder and file',
    (profile) => {
      const { file, ...content } = profile;
      expect(valid(content), JSON.stringify(valid.errors)).toBe(true);
      expect(`profiles/${content.profile.replace('-', '/')}.json`).toBe(file);
    },
  );

  test.each(profiles)('$file has a title in both languages and says how the tool is run', (profile) => {
    expect(profile.title.zh).toMatch(/\p{Script=Han}/u);
    expect(profile.title.en).toMatch(/^\p{ASCII}+$/u);
    expect(profile.options).toMatch(/ > |[a-z]+ .*--?[a-z]+|scan config/);
  });

  test.each(profiles)(
    '$file promises only how the tool is run, and only what its reader assumes',
    (profile) => {
      const assumed = assumedBy(profile.tool).flatMap(({ assumptions }) => assumptions);
      for (const { assumption } of profile.supplies) {
        expect(PROMISABLE).toContain(assumption);
        expect(assumed).toContain(assumption);
      }
    },
  );

  test.each(profiles)('$file supplies all that some file of its tool assumes', (profile) => {
    const ref = { name: profile.profile, version: profile.version, sha256: 'a'.repeat(64) };
    const lift = new ProfileLift({ ref, content: profile, registeredAt: '2020-01-01T00:00:00.000Z' });
    expect(assumedBy(profile.tool).flatMap((claim) => lift.lift(claim)).length).toBeGreaterThan(0);
  });

  test('has a row in docs/formats.md', () => {
    const document = text('docs/formats.md');
    expect(profiles.map(({ file }) => file).filter((file) => !document.includes(`../${file}`))).toEqual([]);
  });
});
