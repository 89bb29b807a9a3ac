import { readFile } from 'node:fs/promises';
import { Finding, Import, RetestDetail } from '@backcheck/contract';
import type { LeasedTask } from '@backcheck/engines';
import type { LightMyRequestResponse } from 'fastify';
import { type PlayedRunner, playRunner } from './play-runner.ts';
import { RunningApp, type Visitor } from './running-app.ts';

/** A file that a real scanner wrote about the recorded city. */
export const recorded = (name: string, type = 'xml'): Promise<string> =>
  readFile(new URL(`../../../../fixtures/city/${name}.${type}`, import.meta.url), 'utf8');

/** What the library's machine showed before and after it was put right. */
export const WEAK = await recorded('library/round-1-sslscan');
export const FIXED = await recorded('library/round-2-sslscan');

/** The same, as another machine of the library would answer. */
export const at = (file: string, address: string): string => file.replaceAll('192.0.2.61', address);

export const post = (
  who: Pick<Visitor, 'send'>,
  path: string,
  payload: object = {},
  headers = {},
): Promise<LightMyRequestResponse> => who.send({ method: 'POST', url: `/api/v1${path}`, payload, headers });

export const outcomesOf = ({ findings }: RetestDetail) =>
  findings.map(({ finding, outcome, reason }) => [finding.check, outcome, reason]);

const HOUR = 3_600_000;

/** An application with one organization, its liaison, and a runner that plays recorded files. */
export class RetestLab {
  readonly running: RunningApp;
  readonly organizationId: string;
  readonly runner: PlayedRunner;
  readonly liaison: Visitor;

  private constructor(made: Pick<RetestLab, 'running' | 'organizationId' | 'runner' | 'liaison'>) {
    this.running = made.running;
    this.organizationId = made.organizationId;
    this.runner = made.runner;
    this.liaison = made.liaison;
  }

  static async open(): Promise<RetestLab> {
    const running = await RunningApp.start();
    const organizationId = await running.organization();
    await running.work();
    const runner = await playRunner(running);
    const grant = { role: 'liaison', organizationId: Number(organizationId) } as const;
    return new RetestLab({
      running,
      organizationId,
      runner,
      liaison: await running.visitor('Liaison Wang', [grant]),
    });
  }

  /** Imported as a file of the coordinator's of an hour ago. */
  async importScan(file: string, organizationId = this.organizationId): Promise<void> {
    const declaredAt = new Date(Date.now() - HOUR).toISOString();
    const fields = { organizationId, confirm: 'true', declaredAt, declaredBy: 'coordinator' };
    const { id } = Import.parse((await this.running.upload(file, fields)).json());
    const { problem } = await this.running.settled(id);
    if (problem !== null) throw new Error(`the scan was refused: ${problem.code}`);
  }

  async findingOf(address: string, check: string, organizationId = this.organizationId): Promise<Finding> {
    const query = new URLSearchParams({ organizationId, asset: address, check });
    return Finding.parse((await this.running.get(`/api/v1/findings?${query}`)).json().items[0]);
  }

  /** As the liaison, or somebody else, while the runner is there. */
  async ask(findings: readonly Finding[], who: Pick<Visitor, 'send'> = this.liaison): Promise<RetestDetail> {
    await this.runner.seen();
    const answer = await post(who, '/retests', { findingIds: findings.map(({ id }) => id) });
    if (answer.statusCode !== 201) throw new Error(`the retest was refused: ${answer.body}`);
    return RetestDetail.parse(answer.json());
  }

  async read({ id }: { readonly id: string }): Promise<RetestDetail> {
    return RetestDetail.parse((await this.running.get(`/api/v1/retests/${id}`)).json());
  }

  async ended(one: { readonly id: string }): Promise<RetestDetail> {
    for (let tries = 0; tries < 500; tries += 1) {
      const now = await this.read(one);
      if (now.finishedAt !== null) return now;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`retest ${one.id} does not end`);
  }

  async taskAt(host: string): Promise<LeasedTask> {
    const task = (await this.runner.take()).find((one) => one.host === host);
    if (task === undefined) throw new Error(`no task for ${host}`);
    return task;
  }
}
