import { readFile } from 'node:fs/promises';
import { ScanProfileContent } from '@backcheck/contract';
import { profileRef, type RegisteredProfile } from '@backcheck/core';
import type { Terminal } from './terminal.ts';

/** Before any scan: on the command line one person vouches for files and profile alike. */
const ALWAYS = '0000-01-01T00:00:00.000Z';

/** Undefined when the file is no scan profile; why was said. */
export async function readProfile(path: string, to: Terminal): Promise<RegisteredProfile | undefined> {
  const content = ScanProfileContent.safeParse(await jsonOf(path));
  if (content.success) return { ref: profileRef(content.data), content: content.data, registeredAt: ALWAYS };
  const [issue] = content.error.issues;
  const place = issue === undefined ? '' : `${issue.path.join('.')} ${issue.message}`.trim();
  to.complain(`${path}: ${NO_PROFILE[to.language]} (${place})`);
  return undefined;
}

/** Undefined where there is no such file or no JSON in it. */
async function jsonOf(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

const NO_PROFILE = { en: 'not a scan profile', zh: '不是扫描方案' } as const;
