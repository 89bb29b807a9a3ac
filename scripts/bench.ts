/** `npm run bench -- NAME`: runs bench/NAME.ts, which prints ratios against a bare limit of the same run. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './steps.ts';

const folder = join(ROOT, 'bench');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));
const name = process.argv[2] ?? '';
if (names.includes(name)) {
  await import(pathToFileURL(join(folder, `${name}.ts`)).href);
} else {
  process.stderr.write(`Say which: npm run bench -- ${names.join(' | ')}\n`);
  process.exitCode = 2;
}
