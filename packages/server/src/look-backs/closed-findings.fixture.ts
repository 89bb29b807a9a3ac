import { Organization } from '@backcheck/contract';
import type { Severity } from '@backcheck/core';
import { houseScan } from '../testing/house-scan.ts';
import type { RunningApp } from '../testing/running-app.ts';

/** An organization below another one. */
export async function below(running: RunningApp, parentId: string, name: string): Promise<string> {
  const answer = await running.send({
    method: 'POST',
    url: '/api/v1/organizations',
    payload: { name, parentId },
  });
  return Organization.parse(answer.json()).id;
}

interface Closed {
  readonly organizationId: string;
  readonly severity: Severity;
  /** Addresses with one closed finding each. */
  readonly addresses: readonly string[];
  /** When the absence was seen that closed them; the presence, a day before. */
  readonly at: string;
  readonly cve?: string;
}

const DAY = 86_400_000;

/** Closes findings by two scans: the first one sees them, the second covers them and does not. */
export async function closeFindings(
  running: RunningApp,
  { organizationId, severity, addresses, at, cve }: Closed,
): Promise<void> {
  const assets = addresses.map((value) => [{ kind: 'ip' as const, value }]);
  for (const present of [true, false]) {
    const when = new Date(Date.parse(at) - (present ? DAY : 0)).toISOString();
    const file = houseScan({ at: when, assets, present })
      .replaceAll('"severity":"high"', `"severity":"${severity}"`)
      .replaceAll('"cve":[]', `"cve":${JSON.stringify(cve === undefined ? [] : [cve])}`);
    await takeIn(running, organizationId, file);
  }
}

export async function takeIn(running: RunningApp, organizationId: string, file: string): Promise<void> {
  const { id } = (await running.upload(file, { organizationId, confirm: 'true' })).json();
  const { state } = await running.settled(id);
  if (state !== 'done') throw new Error(`the import is ${state}`);
}
