import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTarget } from '@backcheck/core';

const LIBRARIES = '/usr/lib';
const WRAPPER = 'libnss_wrapper.so';

/**
 * Environment under which a dynamically linked tool finds one name at one address, whatever DNS says meanwhile
 * (libnss_wrapper of cwrap.org, Debian's libnss-wrapper). Writes a file into `folder`. Nothing is needed for an
 * address; null where the library is missing.
 */
export async function pinnedEnvironment(
  host: string,
  address: string,
  folder: string,
): Promise<Readonly<Record<string, string>> | null> {
  const [name, at] = [readTarget(host), readTarget(address)];
  if (name.kind === 'refused' || at.kind !== 'address') return null;
  if (name.kind === 'address') return {};
  const library = await findWrapper();
  if (library === null) return null;
  const hosts = join(folder, 'hosts');
  await writeFile(hosts, `${at.address} ${name.name}\n`);
  return { LD_PRELOAD: library, NSS_WRAPPER_HOSTS: hosts };
}

/** Whether names can be pinned on this machine. */
export async function canPinNames(): Promise<boolean> {
  return (await findWrapper()) !== null;
}

/** Debian has a folder of libraries for each architecture: "x86_64-linux-gnu". */
async function findWrapper(): Promise<string | null> {
  const folders = existsSync(LIBRARIES) ? await readdir(LIBRARIES) : [];
  const paths = folders
    .filter((one) => one.endsWith('-linux-gnu'))
    .map((one) => join(LIBRARIES, one, WRAPPER));
  return paths.find((path) => existsSync(path)) ?? null;
}
