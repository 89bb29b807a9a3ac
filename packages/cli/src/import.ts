import { setTimeout as pause } from 'node:timers/promises';
import type { Import } from '@backcheck/contract';
import { COLON, ImportRefused, ImportServer } from './import-server.ts';
import { sheetText } from './import-sheet.ts';
import { complainOf, parseScanFile, type ScanFile } from './scan-file.ts';
import { type Terminal, terminal } from './terminal.ts';

export interface ImportCommandOptions {
  readonly server: string;
  readonly key: string;
  /** Id of the organization; may be left out where the server has one only. */
  readonly organization?: string | undefined;
  /** The place the scanner looked from. */
  readonly vantage?: string | undefined;
  /** Name of the scan profile that the tool was run by; of several versions the newest. */
  readonly profile?: string | undefined;
  /** Show the sheet and import nothing. */
  readonly preview?: boolean | undefined;
}

/**
 * `backcheck import FILE[@TIME]…`: sends files to a server, one after the other, and shows progress and the sheet
 * "what this file can prove". Returns the exit code: 0 all imported (or shown), 1 no server or no access,
 * 2 at least one file was refused.
 */
export async function importCommand(
  files: readonly string[],
  options: ImportCommandOptions,
  to: Terminal = terminal(),
): Promise<number> {
  const server = new ImportServer({ url: options.server, key: options.key, language: to.language });
  try {
    const organizationId = await organizationOf(server, options, to);
    if (organizationId === null) return 1;
    const profile = await profileOf(server, organizationId, options.profile, to);
    if (profile === null) return 1;
    const vantage = options.vantage === undefined ? {} : { vantage: options.vantage };
    const fields = { organizationId, ...vantage, ...profile };
    let refused = false;
    for (const argument of files) {
      const taken = await importFile(
        server,
        { file: parseScanFile(argument), fields, preview: options.preview === true },
        to,
      );
      refused ||= !taken;
    }
    return refused ? 2 : 0;
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error;
    to.complain(error.message);
    return 1;
  }
}

async function organizationOf(
  server: ImportServer,
  options: ImportCommandOptions,
  to: Terminal,
): Promise<string | null> {
  const { items, nextCursor } = await server.organizations();
  if (options.organization !== undefined) return options.organization;
  const [only, ...others] = items;
  if (only !== undefined && others.length === 0) return only.id;
  const lines = items.map(({ id, code, name }) => `\n  ${id}  ${code}  ${name}`);
  to.complain(WHICH[to.language] + lines.join('') + (nextCursor === null ? '' : '\n  …'));
  return null;
}

const WHICH = {
  en: 'name the organization that these files are about with --organization',
  zh: '请用 --organization 指明这些文件所属的单位',
} as const;

/** The form field that names the profile, if one is wanted; null when there is none of this name. */
async function profileOf(
  server: ImportServer,
  organizationId: string,
  name: string | undefined,
  to: Terminal,
): Promise<Readonly<Record<string, string>> | null> {
  if (name === undefined) return {};
  const all = await server.profiles(organizationId);
  const found = all.find(({ content }) => content.profile === name);
  if (found !== undefined) return { profile: found.id };
  const names = [...new Set(all.map(({ content }) => content.profile))];
  to.complain(NO_PROFILE[to.language](name) + names.map((one) => `\n  ${one}`).join(''));
  return null;
}

const NO_PROFILE = {
  en: (name: string) => `no scan profile "${name}" is registered on the server; there are:`,
  zh: (name: string) => `服务器上没有登记名为“${name}”的扫描方案；现有：`,
} as const;

interface Order {
  readonly file: ScanFile;
  readonly fields: Readonly<Record<string, string>>;
  readonly preview: boolean;
}

/** False when the file was refused; why was said. */
async function importFile(
  server: ImportServer,
  { file, fields, preview }: Order,
  to: Terminal,
): Promise<boolean> {
  let one: Import;
  try {
    one = await settled(server, await server.send(file, fields), to);
  } catch (error) {
    if (error instanceof ImportRefused) throw error;
    complainOf(file, error, to);
    return false;
  }
  if (one.state === 'ready') {
    await to.print(sheetText(one, to.language));
    one = await settled(server, await server.decide(one.id, preview ? 'discard' : 'confirm'), to);
  } else if (one.state === 'done') await to.print(sheetText(one, to.language));
  if (one.problem === null) return true;
  const { title, detail, position } = one.problem;
  const place = position === undefined ? '' : ` (${position})`;
  to.complain(`${file.path}${place}: ${title[to.language]}${COLON[to.language]}${detail[to.language]}`);
  return false;
}

const AT_WORK: readonly Import['state'][] = ['queued', 'reading', 'importing'];
const PAUSE = 250;

/** Waits until the server has nothing left to do for now, and shows how far it is. */
async function settled(server: ImportServer, started: Import, to: Terminal): Promise<Import> {
  let one = started;
  while (AT_WORK.includes(one.state)) {
    const { bytesRead, bytesTotal } = one.progress;
    to.progress(
      `${one.fileName}  ${PROGRESS[to.language][one.state] ?? ''} ${Math.floor((100 * bytesRead) / Math.max(1, bytesTotal))} %`,
    );
    await pause(PAUSE);
    one = await server.state(one.id);
  }
  to.progress('');
  return one;
}

const PROGRESS: Readonly<Record<'en' | 'zh', Partial<Record<Import['state'], string>>>> = {
  en: { queued: 'waiting', reading: 'reading', importing: 'importing' },
  zh: { queued: '等待', reading: '读取', importing: '导入' },
};
