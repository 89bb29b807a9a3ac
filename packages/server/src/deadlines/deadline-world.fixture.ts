import { type Finding, FindingDeadline, FindingList } from '@backcheck/contract';
import type { ChineseGrade, Decision, DelayReason, ObjectionGround } from '@backcheck/core';
import { createOwnerPool, ensureAccount, type Pool } from '@backcheck/db';
import { below } from '../look-backs/closed-findings.fixture.ts';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';

interface Seen {
  readonly at: string;
  /** One weak TLS finding at each. */
  readonly addresses: readonly string[];
  readonly present?: boolean;
  readonly severity?: string;
  readonly cve?: string;
  readonly title?: string;
}

/** An application whose jobs run, and the shortest ways to make something happen to a deadline. */
export class DeadlineWorld {
  readonly running: RunningApp;
  readonly owner: Pool;
  readonly city: string;
  /** Of the whole installation. */
  readonly lead: Visitor;

  private constructor(of: Pick<DeadlineWorld, 'running' | 'owner' | 'city' | 'lead'>) {
    this.running = of.running;
    this.owner = of.owner;
    this.city = of.city;
    this.lead = of.lead;
  }

  static async start(webFolder: string | null = null): Promise<DeadlineWorld> {
    const running = await RunningApp.start({ webFolder });
    await running.work();
    const owner = createOwnerPool({ connectionString: running.connectionString });
    owner.on('error', () => undefined);
    const city = await running.organization('City of Lakes');
    const lead = await running.visitor('Lead', [{ role: 'coordinator-lead' }]);
    return new DeadlineWorld({ running, owner, city, lead });
  }

  organization = (name: string): Promise<string> => below(this.running, this.city, name);

  /** Takes in a scan and waits until its dates are determined. */
  async scan(organizationId: string, seen: Seen): Promise<void> {
    const { at, addresses, present = true, severity = 'high', cve, title = 'Weak TLS is offered' } = seen;
    const assets = addresses.map((value) => [{ kind: 'ip' as const, value }]);
    const file = houseScan({ at, assets, present })
      .replaceAll('"severity":"high"', `"severity":"${severity}"`)
      .replaceAll('Weak TLS is offered', title)
      .replaceAll('"cve":[]', `"cve":${JSON.stringify(cve === undefined ? [] : [cve])}`);
    const { id } = (await this.running.upload(file, { organizationId, confirm: 'true' })).json();
    const { state } = await this.running.settled(id);
    if (state !== 'done') throw new Error(`the import is ${state}`);
    await this.determined();
  }

  /** Returns when nothing waits to be determined any more. */
  async determined(): Promise<void> {
    const waits = `select 1 from determination_wanted
      union all select 1 from graphile_worker.jobs where task_identifier = 'determine-deadlines' and attempts < max_attempts`;
    for (let tries = 0; tries < 500; tries += 1) {
      if ((await this.owner.query(waits)).rowCount === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('the deadlines were not determined');
  }

  /** Returns when a transaction waits for an advisory lock of another one. */
  async someoneWaits(): Promise<void> {
    const waits = `select 1 from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
      where l.locktype = 'advisory' and not l.granted`;
    for (let tries = 0; tries < 500; tries += 1) {
      if ((await this.owner.query(waits)).rowCount !== 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('nobody waits');
  }

  async find(organizationId: string, query = ''): Promise<Finding[]> {
    const answer = await this.running.get(
      `/api/v1/findings?organizationId=${organizationId}&limit=200${query}`,
    );
    return FindingList.parse(answer.json()).items;
  }

  async first(organizationId: string): Promise<Finding> {
    const [one] = await this.find(organizationId);
    if (one === undefined) throw new Error('there is no finding');
    return one;
  }

  async deadline({ id }: Pick<Finding, 'id'>): Promise<FindingDeadline> {
    return FindingDeadline.parse((await this.running.get(`/api/v1/findings/${id}/deadline`)).json());
  }

  /** The history of every finding as one hash, row by row. */
  async history(organizationId: string): Promise<string[]> {
    const { rows } = await this.owner.query<{ row: string }>(
      'select md5(d::text) as row from finding_determination d where organization_id = $1 order by finding_id, determination_no',
      [organizationId],
    );
    return rows.map(({ row }) => row);
  }

  assign(policyId: string, organizationId: string | null, appliesTo: 'new' | 'open') {
    const [url, payload] = [`/api/v1/deadline-policies/${policyId}`, { organizationId, appliesTo }];
    return {
      preview: () => this.lead.send({ method: 'POST', url: `${url}/preview`, payload }),
      put: async () => {
        const answer = await this.lead.send({ method: 'PUT', url: `${url}/assignment`, payload });
        await this.determined();
        return answer;
      },
    };
  }

  /** The id of the newest version of a policy. */
  async policy(code: string): Promise<string> {
    const { rows } = await this.owner.query<{ id: string }>(
      'select deadline_policy_id::text as id from deadline_policy where code = $1 order by version desc limit 1',
      [code],
    );
    return rows[0]?.id ?? '';
  }

  /** Issues a notice that names the finding, as far as deadlines see it. */
  async notify({ id, organization, asset }: Finding, issuedAt: string): Promise<void> {
    const drafter = await ensureAccount(this.running.parts.widePool, 'Drafter');
    const approver = await ensureAccount(this.running.parts.widePool, 'Approver');
    await this.owner.query(
      `with made as (insert into notice (organization_id, kind, state, draft, drafted_by, drafted_at, approved_by, approved_at)
         values ($1, 'rectification', 'approved', '{}', $2, $4, $3, $4) returning notice_id),
       named as (insert into notice_finding (organization_id, notice_id, finding_id, asset_id) select $1, notice_id, $5, $6 from made)
       select notice_id from made`,
      [organization.id, drafter.accountId, approver.accountId, issuedAt, id, asset.id],
    );
    await this.owner.query(
      `update notice set state = 'issued', issued_at = $2, number = 'N ' || notice_id where organization_id = $1 and issued_at is null`,
      [organization.id, issuedAt],
    );
    await this.determined();
  }

  /** The receipt of the notice that names the finding. */
  async acknowledge({ id, organization }: Finding, at: string): Promise<void> {
    await this.owner.query(
      `insert into notice_receipt (organization_id, notice_id, receipt_no, channel, name, received_at)
       select organization_id, notice_id, 1, 'paper', 'Liaison', $3 from notice_finding where organization_id = $1 and finding_id = $2`,
      [organization.id, id, at],
    );
    await this.determined();
  }

  /** Asks for a retest of the finding; returns how to end it. */
  async retest(
    { id, organization, asset }: Finding,
    requestedAt: string,
  ): Promise<(finishedAt: string) => Promise<void>> {
    const { accountId } = await ensureAccount(this.running.parts.widePool, 'Liaison');
    const { rows } = await this.owner.query<{ retest_id: string }>(
      `with made as (insert into retest (organization_id, origin, priority, requested_by, requested_at) values ($1, 'request', 1, $2, $3) returning retest_id),
       named as (insert into retest_finding (organization_id, retest_id, finding_id, asset_id) select $1, retest_id, $4, $5 from made)
       select retest_id from made`,
      [organization.id, accountId, requestedAt, id, asset.id],
    );
    await this.determined();
    return async (finishedAt) => {
      await this.owner.query(`update retest set state = 'done', finished_at = $2 where retest_id = $1`, [
        rows[0]?.retest_id,
        finishedAt,
      ]);
      await this.determined();
    };
  }

  /** A wish for more time that was granted. */
  extend(finding: Finding, until: string, at: string): Promise<void> {
    return this.grant(finding, { kind: 'extension', at, until });
  }

  /** A reply of the organization that was granted as it was made. */
  async grant(
    { id, organization, asset }: Finding,
    granted: {
      readonly kind: 'extension' | 'objection';
      readonly at: string;
      readonly until?: string;
      readonly ground?: ObjectionGround;
      readonly grade?: ChineseGrade;
      readonly reason?: DelayReason;
    },
  ): Promise<void> {
    const { kind, at, until = null, grade = null, ...terms } = granted;
    const { accountId } = await ensureAccount(this.running.parts.widePool, 'Liaison');
    const lead = await ensureAccount(this.running.parts.widePool, 'Lead');
    await this.owner.query(
      `with made as (insert into reply (organization_id, kind, state, terms, text, made_by, made_at, decided_by, decided_at, granted_until, granted_grade, request_sha256)
         values ($1, $8, 'granted', $9, 'Needs a window', $2, $5, $3, $5, $4, $10, '') returning reply_id)
       insert into reply_finding (organization_id, reply_id, finding_id, asset_id) select $1, reply_id, $6, $7 from made`,
      [
        organization.id,
        accountId,
        lead.accountId,
        until,
        at,
        id,
        asset.id,
        kind,
        JSON.stringify(terms),
        grade,
      ],
    );
    await this.determined();
  }

  /** What a decision lays over the finding, or takes off again. */
  async decide(
    { id, organization }: Finding,
    kind: Decision['kind'],
    until: string | null = null,
  ): Promise<void> {
    await this.owner.query(
      `insert into decision (organization_id, finding_id, kind, decided_at, decided_by, note, expires_at) values ($1, $2, $3, now(), 'Lead', '', $4)`,
      [organization.id, id, kind, until],
    );
    await this.determined();
  }

  async withdraw({ organization }: Finding): Promise<void> {
    await this.owner.query(
      `update notice set state = 'withdrawn' where organization_id = $1 and notice_id = (
         select min(notice_id) from notice where organization_id = $1 and state = 'issued')`,
      [organization.id],
    );
    await this.determined();
  }
}
