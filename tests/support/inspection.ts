import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finding, FindingList } from '@backcheck/contract';
import type { Page } from 'playwright-core';
import type { Config } from '../../packages/server/src/config.ts';
import type { RunningServer } from '../../packages/server/src/start-server.ts';
import { type MailServer, tokenIn } from '../../packages/server/src/testing/mail-server.ts';
import { type Bridge, bridgeTo } from '../lab/bridge.ts';
import { type LabNetwork, withNamespace } from '../lab/namespace.ts';
import { commandLine } from '../lab/process.ts';
import { runSslscan } from '../lab/scanners.ts';
import { type Grant, Stage } from './stage.ts';

export const PORT = 8443;
const CLI = fileURLToPath(new URL('../../packages/cli/bin/backcheck.mjs', import.meta.url));

/**
 * An inspection of one organization, played in browsers. Its servers stand in a network of their own, a runner may stand
 * in it, too, and only calls out; the people sit outside.
 */
export class Inspection {
  readonly network: LabNetwork;
  readonly organizationId: string;
  readonly #stage: Stage;
  readonly #bridge: Bridge;
  readonly #leave: () => Promise<void>;
  readonly #mailServer: MailServer | undefined;
  #runner: ChildProcess | undefined;

  private constructor(parts: {
    readonly network: LabNetwork;
    readonly organizationId: string;
    readonly stage: Stage;
    readonly bridge: Bridge;
    readonly leave: () => Promise<void>;
    readonly mailServer: MailServer | undefined;
  }) {
    this.network = parts.network;
    this.organizationId = parts.organizationId;
    this.#stage = parts.stage;
    this.#bridge = parts.bridge;
    this.#leave = parts.leave;
    this.#mailServer = parts.mailServer;
  }

  /** With an organization of this name, whose network has these addresses. */
  static async open(
    organization: string,
    addresses: readonly string[],
    { mailServer, ...config }: Partial<Config> & { readonly mailServer?: MailServer } = {},
  ): Promise<Inspection> {
    const stage = await Stage.open(config);
    const organizationId = await stage.organization(organization);
    const { network, leave } = await enterNetwork();
    for (const address of addresses) await network.addAddress(address);
    const bridge = await bridgeTo(stage.server.url, network.scanner);
    return new Inspection({ network, organizationId, stage, bridge, leave, mailServer });
  }

  /** Fails when a page or the database had a fault meanwhile. */
  async close(): Promise<void> {
    this.#runner?.kill('SIGTERM');
    await this.#bridge.close();
    await this.#leave();
    await this.#stage.close();
  }

  get server(): RunningServer {
    return this.#stage.server;
  }

  get folder(): string {
    return this.#stage.folder;
  }

  /** The administrator of the installation, who also manages campaigns and finds. */
  get manager(): Page {
    return this.#stage.administrator;
  }

  get(path: string, by: Page = this.manager): Promise<unknown> {
    return this.#stage.get(path, by);
  }

  send(path: string, body: object, by: Page = this.manager): Promise<unknown> {
    return this.#stage.send(path, body, { by });
  }

  /** Somebody with one grant, at a browser of their own. With a mail server the link goes to them alone. */
  async join(email: string, name: string, grant: Grant): Promise<Page> {
    const given = await this.#stage.invite(email, name, grant);
    if (given !== null) return this.#stage.accept(given);
    if (this.#mailServer === undefined) throw new Error('neither a link nor a mail server');
    return this.#stage.accept(tokenIn(await this.#mailServer.next(email)));
  }

  /** Takes in a file by the API, as somebody on the spot made it. */
  import(name: string, content: string | Uint8Array, fields: Readonly<Record<string, string>> = {}) {
    return this.#stage.import({ organizationId: this.organizationId, name, content, fields });
  }

  /** As an inspector would have done it: a scan file of sslscan, and the time at which it was made. */
  async importScanOf(address: string): Promise<void> {
    const declaredAt = new Date().toISOString();
    const file = `${address}.xml`;
    const target = `${address}:${PORT}`;
    const path = await runSslscan({ folder: this.folder, file, target, namespace: this.network.scanner });
    const made = { vantage: 'hospital-lan', declaredAt, declaredBy: 'coordinator' };
    await this.import(file, readFileSync(path), made);
  }

  async findingAt(address: string, check: string): Promise<Finding> {
    const query = new URLSearchParams({ asset: address, check });
    const [finding] = FindingList.parse(await this.get(`/findings?${query}`)).items;
    if (finding === undefined) throw new Error(`no finding ${check} at ${address}`);
    return finding;
  }

  /** A runner inside the network, with the key that the screen showed. */
  startRunner(key: string): void {
    const [command, args] = commandLine({
      command: process.execPath,
      args: [
        CLI,
        'runner',
        '--server',
        this.#bridge.url,
        '--key',
        key,
        '--data',
        join(this.folder, 'runner'),
      ],
      namespace: this.network.scanner,
    });
    this.#runner = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

async function enterNetwork(): Promise<{ network: LabNetwork; leave: () => Promise<void> }> {
  return new Promise((entered, failed) => {
    let leave = (): void => undefined;
    const gone = withNamespace(async (network) => {
      const left = new Promise<void>((done) => {
        leave = done;
      });
      entered({
        network,
        leave: () => {
          leave();
          return gone;
        },
      });
      await left;
    });
    gone.catch(failed);
  });
}
