import type {
  EngineName,
  Identifier,
  ProbeMethod,
  Question,
  Reason,
  RetestObstacle,
  RetestOutcome,
  RetestTaskState,
  Severity,
  State,
  Transport,
  WayToProve,
} from '@backcheck/core';
import { severityCode, transportCode } from './codes.ts';
import type { Db } from './pool.ts';
import { statedAddress } from './run-of-import.ts';

/** What became of one finding of a retest. */
export interface RetestResult {
  readonly retestId: string;
  readonly outcome: RetestOutcome | null;
  readonly reason: Reason | RetestObstacle | null;
  readonly wouldProve: readonly WayToProve[];
  readonly scanId: string | null;
  readonly importId: string | null;
  readonly certificateId: string | null;
}

export interface RetestFindingRow extends RetestResult {
  readonly id: string;
  readonly asset: { readonly id: string; readonly identifiers: readonly Identifier[] };
  readonly transport: Transport;
  readonly port: number;
  readonly check: string;
  readonly locus: string;
  readonly title: string;
  readonly severity: Severity;
  readonly state: State;
}

const RESULT = `r.retest_id as "retestId", r.outcome, r.reason, r.would_prove as "wouldProve", r.scan_id as "scanId",
  (select t.import_id from retest_task t join import i on i.organization_id = t.organization_id and i.import_id = t.import_id
    where t.organization_id = r.organization_id and t.retest_id = r.retest_id and i.scan_id = r.scan_id
    order by t.task_no limit 1) as "importId",
  r.certificate_id as "certificateId"`;

/** The organization leads the keys of the parts of a retest, and only its id is known. */
const ORGANIZATION = '(select organization_id from retest where retest_id = $1)';

/** The findings of a retest as they are now, the worst first; of one that another absorbed since, the other. */
export async function retestFindings(db: Db, retestId: string): Promise<RetestFindingRow[]> {
  const { rows } = await db.query<
    Omit<RetestFindingRow, 'transport' | 'severity'> & {
      readonly transport: number;
      readonly severity: number;
    }
  >(
    `select ${RESULT}, f.finding_id as id, jsonb_build_object('id', f.asset_id::text, 'identifiers', a.identifiers) as asset,
       f.transport, f.port, k.name as check, f.locus, d.title, f.severity, f.state
     from retest_finding r
     left join absorbed_finding b on b.organization_id = r.organization_id and b.finding_id = r.finding_id
     join finding f on f.finding_id = coalesce(b.into_finding_id, r.finding_id)
     join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
     join check_definition k on k.check_id = f.check_id
     join description d on d.description_id = f.description_id
     where r.organization_id = ${ORGANIZATION} and r.retest_id = $1 order by f.severity desc, f.finding_id`,
    [retestId],
  );
  return rows.map(({ transport, severity, ...row }) => ({
    ...row,
    transport: transportCode.decode(transport),
    severity: severityCode.decode(severity),
  }));
}

/** What these retests said about one finding, or about one that it absorbed. */
export async function resultsOfFinding(
  db: Db,
  findingId: string,
  retestIds: readonly string[],
): Promise<ReadonlyMap<string, RetestResult>> {
  const { rows } = await db.query<RetestResult>(
    `select distinct on (r.retest_id) ${RESULT} from retest_finding r
     where r.retest_id = any ($2::bigint[])
       and (r.finding_id = $1 or r.finding_id in (select finding_id from absorbed_finding where into_finding_id = $1))
     order by r.retest_id, r.finding_id = $1 desc, r.finding_id`,
    [findingId, retestIds],
  );
  return new Map(rows.map((row) => [row.retestId, row]));
}

export interface RetestTaskRow {
  readonly no: number;
  readonly engine: EngineName;
  readonly method: ProbeMethod;
  readonly vantage: string;
  readonly host: string;
  /** Where the name was found, as the runner signed it. */
  readonly address: string | null;
  readonly questions: readonly Question[];
  readonly state: RetestTaskState;
  readonly attempts: number;
  /** Its name. */
  readonly runner: string | null;
  readonly authorizationId: string | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly reason: Reason | RetestObstacle | null;
  readonly detail: string | null;
  readonly importId: string | null;
}

export async function retestTasks(db: Db, retestId: string): Promise<RetestTaskRow[]> {
  const { rows } = await db.query<Omit<RetestTaskRow, 'address'> & { readonly payload: string | null }>(
    `select t.task_no as no, t.engine, t.method, t.vantage, t.host, t.questions, t.state, t.attempts, n.name as runner,
       t.test_authorization_id as "authorizationId", t.started_at as "startedAt", t.finished_at as "finishedAt",
       t.obstacle as reason, t.detail, t.import_id as "importId",
       t.result ->> 'payload' as payload
     from retest_task t left join runner n using (runner_id)
     where t.organization_id = ${ORGANIZATION} and t.retest_id = $1 order by t.task_no`,
    [retestId],
  );
  return rows.map(({ payload, ...row }) => ({ ...row, address: statedAddress(payload) }));
}
