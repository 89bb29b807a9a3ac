import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Party } from '@backcheck/core';
import { runNmap, runSslscan, runTestssl, type ScanOrder } from './scanners.ts';

/** What whoever sends the file in says about it; nothing said means: the coordinator, from "main". */
export interface Said {
  readonly submittedBy?: Party;
  readonly vantage?: string;
}

/** One entry of `manifest.json`; `path` is relative to its folder. */
export interface CityFile extends Said {
  readonly path: string;
  readonly declaredAt?: string;
}

export interface CityOrganization {
  readonly name: string;
  readonly nameZh: string;
  readonly files: readonly CityFile[];
}

type Order = Pick<ScanOrder, 'file' | 'options'> & { readonly namespace?: string; readonly said?: Said };

interface Names {
  readonly folder: string;
  readonly name: string;
  readonly nameZh: string;
}

/** Records the scans of one organization into `root/folder`, in the order in which they will be imported. */
export class OrganizationRecorder {
  readonly #root: string;
  readonly #scanner: string;
  readonly #names: Names;
  readonly #files: CityFile[] = [];

  constructor(root: string, scanner: string, names: Names) {
    this.#root = root;
    this.#scanner = scanner;
    this.#names = names;
  }

  manifest(): CityOrganization {
    const { name, nameZh } = this.#names;
    return { name, nameZh, files: this.#files };
  }

  async nmap(
    order: Order & { readonly targets: readonly string[]; readonly ports: string; readonly scripts?: string },
  ): Promise<void> {
    await runNmap({ ...(await this.#place(order)), ...order });
    this.#keep(order);
  }

  /** The file has no time: the manifest declares that of the run, unless somebody forgets it. */
  async sslscan(order: Order & { readonly target: string; readonly timeForgotten?: true }): Promise<void> {
    const place = await this.#place(order);
    const declaredAt = new Date().toISOString();
    await runSslscan({ ...place, ...order });
    this.#keep(order, order.timeForgotten === true ? {} : { declaredAt });
  }

  async testssl(order: Order & { readonly target: string }): Promise<void> {
    await runTestssl({ ...(await this.#place(order)), ...order });
    this.#keep(order);
  }

  /** Ctrl-C soon after the row `row` was written: when that is depends on the machine, so it is found by trying. */
  async interruptedTestssl(order: Order & { readonly target: string; readonly row: string }): Promise<void> {
    const place = await this.#place(order);
    for (let afterMs = 4000; afterMs < 60_000; afterMs += 2000) {
      const path = await runTestssl({ ...place, ...order, stop: { signal: 'SIGINT', afterMs } });
      const text = await readFile(path, 'utf8');
      if (!text.includes('Scan interrupted')) break;
      if (text.includes(`"${order.row}"`)) return this.#keep(order);
      await rm(path);
    }
    throw new Error(`${order.file}: testssl could not be interrupted after ${order.row}`);
  }

  /** A file that turns up later than it was made: it takes its place in the manifest by `turnUp`. */
  holdBack(): () => void {
    const held = this.#files.pop();
    if (held === undefined) throw new Error('there is no file to hold back');
    return () => this.#files.push(held);
  }

  async #place({ file, namespace = this.#scanner }: Order) {
    const folder = join(this.#root, this.#names.folder);
    await mkdir(folder, { recursive: true });
    return { folder, file, namespace };
  }

  #keep({ file, said }: Order, time: Pick<CityFile, 'declaredAt'> = {}): void {
    this.#files.push({ path: `${this.#names.folder}/${file}`, ...time, ...said });
    process.stdout.write(`${this.#names.folder}/${file}\n`);
  }
}

export async function writeManifest(root: string, recorders: readonly OrganizationRecorder[]): Promise<void> {
  const organizations = recorders.map((one) => one.manifest());
  await writeFile(join(root, 'manifest.json'), `${JSON.stringify({ organizations }, null, 2)}\n`);
}
