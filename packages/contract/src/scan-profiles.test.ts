import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ScanProfileContent } from './scan-profiles.ts';

const DOCUMENT = join(import.meta.dirname, '../../../docs/scan-profile.schema.json');

it('docs/scan-profile.schema.json says what a profile file may hold', () => {
  expect(JSON.parse(readFileSync(DOCUMENT, 'utf8'))).toEqual(z.toJSONSchema(ScanProfileContent));
});
