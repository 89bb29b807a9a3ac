import { setTimeout as pause } from 'node:timers/promises';
import { FindingList, Import, Organization, RetestDetail, RunnerList } from '@backcheck/contract';
import type { Pool } from '@backcheck/db';
import { openPortScan } from './open-port-scan.ts';
import type { ServerProcess } from './server-process.ts';

/** An organization whose addresses were all found with an open port. */
export interface Exposed {
  readonly organizationId: string;
  /** Of each address. */
  readonly findings: ReadonlyMap<string, string>;
}

/** Imports a scan of an hour ago that saw `port` open at each address. */
export async function expose(
  server: ServerProcess,
  name: string,
  { addresses, port }: { readonly addresses: readonly string[]; readonly port: number },
): Promise<Exposed> {
  const { id: organizationId } = Organization.parse(await server.post('/organizations', { name }));
  const form = new FormData();
  form.set('organizationId', organizationId);
  form.set('confirm', 'true');
  const at = new Date(Date.now() - 3_600_000).toISOString();
  form.set('file', new Blob([openPortScan(addresses, { port, at })]), 'before.jsonl');
  const { id } = Import.parse(await server.post('/imports', form));
  await until(
    async () => Import.parse(await server.get(`/imports/${id}`)),
    ({ state }) => state === 'done',
  );
  const findings = new Map<string, string>();
  let cursor: string | null = '';
  while (cursor !== null) {
    const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: FindingList = FindingList.parse(
      await server.get(`/findings?organizationId=${organizationId}&limit=100${more}`),
    );
    for (const { id: finding, asset } of page.items) findings.set(asset.identifiers[0]?.value ?? '', finding);
    cursor = page.nextCursor;
  }
  return { organizationId, findings };
}

/** Until the server's own runner has found its tools. */
export async function readyToRun(server: ServerProcess): Promise<void> {
  await until(
    async () => RunnerList.parse(await server.get('/runners')),
    ({ items }) => items.some(({ kind, tools }) => kind === 'server' && tools.length > 0),
  );
}

/** One retest for each finding; their ids by the address. */
export async function askForAll(
  server: ServerProcess,
  { findings: exposed }: Exposed,
): Promise<ReadonlyMap<string, string>> {
  const asked = new Map<string, string>();
  for (const [address, finding] of exposed) {
    const {
      id,
      tasks,
      findings: asks,
    } = RetestDetail.parse(await server.post('/retests', { findingIds: [finding] }));
    if (tasks.length === 0) throw new Error(`nothing can look at ${address}: ${JSON.stringify(asks)}`);
    asked.set(address, id);
  }
  return asked;
}

/** Asks until it is enough. Bounded: throws with what it saw last. */
export async function until<T>(
  ask: () => Promise<T>,
  enough: (value: T) => boolean,
  most = 240_000,
): Promise<T> {
  const end = performance.now() + most;
  for (;;) {
    const value = await ask();
    if (enough(value)) return value;
    if (performance.now() > end)
      throw new Error(`not within ${most} ms; last: ${JSON.stringify(value).slice(0, 2000)}`);
    await pause(100);
  }
}

export interface TaskSeen {
  readonly organizationId: string;
  readonly host: string;
  readonly state: string;
  readonly retest: string;
  readonly attempts: number;
  readonly runner: string | null;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly imports: number;
  readonly results: number;
}

/** Every task with its retest, its outcome, its imports, and how many results the audit log knows of that ended it. */
export async function tasksSeen(wide: Pool): Promise<TaskSeen[]> {
  const { rows } = await wide.query<TaskSeen>(
    `select t.organization_id::text as "organizationId", t.host, t.state, r.state as retest, t.attempts, n.name as runner,
       f.outcome, f.reason,
       (select count(*)::int from import i where i.idempotency_key like 'retest:' || t.organization_id || '/' || t.retest_id || '/%') as imports,
       (select count(*)::int from audit_entry e where e.object = 'runner' and e.details ->> 'operation' = 'result'
          and e.details ->> 'retest' = t.retest_id::text and e.details ->> 'outcome' = 'file') as results
     from retest_task t join retest r using (organization_id, retest_id)
       join retest_finding f using (organization_id, retest_id) left join runner n using (runner_id)
     order by t.retest_id`,
  );
  return rows;
}
