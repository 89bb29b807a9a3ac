import { openAsBlob } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  Import,
  OrganizationList,
  ProblemDocument,
  type ScanProfile,
  ScanProfileList,
} from '@backcheck/contract';
import type { ScanFile } from './scan-file.ts';
import type { Language } from './verify-text.ts';

/** The server refused, or is not there. `message` is one sentence in the user's language. */
export class ImportRefused extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ImportRefused';
  }
}

export interface ServerAddress {
  /** Without "/api/v1". */
  readonly url: string;
  /** An API key of the server. */
  readonly key: string;
  readonly language: Language;
}

/** The part of the HTTP interface that `backcheck import` uses (packages/contract). */
export class ImportServer {
  readonly #address: ServerAddress;

  constructor(address: ServerAddress) {
    this.#address = address;
  }

  /** The first of them, by their codes; `nextCursor` is null when these are all. */
  async organizations(): Promise<OrganizationList> {
    return OrganizationList.parse(await this.#call('GET', '/organizations?limit=20'));
  }

  /** Those that an import for this organization may name, by name, newest version first. */
  async profiles(organizationId: string): Promise<ScanProfile[]> {
    const path = `/scan-profiles?organizationId=${encodeURIComponent(organizationId)}`;
    const { items } = ScanProfileList.parse(await this.#call('GET', path));
    return items.filter(({ retiredAt }) => retiredAt === null);
  }

  /**
   * The file is sent from the disk as it is read; its size does not matter to this process.
   * Throws the system's error when the file cannot be read.
   */
  async send(file: ScanFile, fields: Readonly<Record<string, string>>): Promise<Import> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    if (file.declaredAt !== null) form.set('declaredAt', file.declaredAt);
    await tryReading(file.path);
    form.set('file', await openAsBlob(file.path), basename(file.path));
    return Import.parse(await this.#call('POST', '/imports', form));
  }

  async state(id: string): Promise<Import> {
    return Import.parse(await this.#call('GET', `/imports/${id}`));
  }

  async decide(id: string, decision: 'confirm' | 'discard'): Promise<Import> {
    return Import.parse(await this.#call('POST', `/imports/${id}/${decision}`));
  }

  async #call(method: string, path: string, body?: FormData): Promise<unknown> {
    const { url, key, language } = this.#address;
    const headers = { authorization: `Bearer ${key}`, 'accept-language': language };
    const address = `${url.replace(/\/+$/, '')}/api/v1${path}`;
    const answer = await fetch(address, { method, headers, ...(body === undefined ? {} : { body }) }).catch(
      (cause) => {
        throw new ImportRefused(NO_ANSWER[language](url), cause);
      },
    );
    const content: unknown = await answer.json().catch(() => null);
    if (answer.ok) return content;
    const problem = ProblemDocument.safeParse(content);
    if (!problem.success) throw new ImportRefused(NOT_BACKCHECK[language](url, answer.status));
    const { title, detail } = problem.data.texts;
    throw new ImportRefused(`${title[language]}${COLON[language]}${detail[language]}`);
  }
}

/** Throws the system's error; `openAsBlob` would only say that it was unable. */
async function tryReading(path: string): Promise<void> {
  await using handle = await open(path);
  await handle.read(Buffer.alloc(1), 0, 1);
}

export const COLON = { en: ': ', zh: '：' } as const;

const NO_ANSWER = {
  en: (url: string) => `there is no answer from ${url}`,
  zh: (url: string) => `${url} 没有应答`,
} as const;

const NOT_BACKCHECK = {
  en: (url: string, status: number) => `${url} answered ${status} and not as a Backcheck server does`,
  zh: (url: string, status: number) => `${url} 返回 ${status}，似乎不是 Backcheck 服务器`,
} as const;
