import { createHash } from 'node:crypto';
import type { EngineName, Question, TestWindow } from '@backcheck/core';
import { ensureAccount, type Pool } from '@backcheck/db';
import { runMigrations } from 'graphile-worker';
import type { FreshDatabase } from './database.ts';

/** The terms that tests vary; the rest says yes to everything. */
export interface Terms {
  readonly organizationId: number;
  readonly ranges: readonly string[];
  readonly rate: number;
  readonly windows: readonly TestWindow[];
  readonly approved: boolean;
  readonly validFrom: string;
  readonly expiresAt: string;
}

export interface Work {
  readonly organizationId: number;
  readonly authorizationId: string;
  /** One retest each. */
  readonly tasks: number;
  readonly rate: number;
  readonly engine: EngineName;
  readonly vantage: string;
  readonly host: string;
  readonly priority: number;
  readonly questions: readonly Question[];
}

const QUESTION: Question = { findingId: '1', transport: 'tcp', port: 443, check: 'x', locus: '' };

/** Rows of authorizations and retests as the features write them, for tests of what runners do with them. */
export class RetestWork {
  readonly #wide: Pool;
  readonly accountId: number;

  private constructor(wide: Pool, accountId: number) {
    this.#wide = wide;
    this.accountId = accountId;
  }

  /** `owner`: a bare database, which gets the queue that concludes retests. */
  static async start(owner: Pick<FreshDatabase, 'pool'> | null, wide: Pool): Promise<RetestWork> {
    if (owner !== null) await runMigrations({ pgPool: owner.pool });
    return new RetestWork(wide, (await ensureAccount(wide, 'Asks for retests')).accountId);
  }

  async organization(name: string, parentId: number | null = null): Promise<number> {
    const { rows } = await this.#wide.query<{ id: number }>(
      'insert into organization (name, parent_id) values ($1, $2) returning organization_id as id',
      [name, parentId],
    );
    return rows[0]?.id ?? 0;
  }

  async authorization(terms: Partial<Terms> & Pick<Terms, 'organizationId'>): Promise<string> {
    const approver = (await ensureAccount(this.#wide, 'Approves')).accountId;
    const all: Terms = {
      ranges: ['192.0.2.0/24'],
      rate: 10,
      windows: [],
      approved: true,
      validFrom: '2026-01-01T00:00:00Z',
      expiresAt: '2030-01-01T00:00:00Z',
      ...terms,
    };
    const { rows } = await this.#wide.query<{ id: string }>(
      `insert into test_authorization (organization_id, title, ranges, names, allowed, forbidden, windows, time_zone, rate,
         source_addresses, stop_contact_name, stop_contact_phone, signed_by, document_name, document_size, document_sha256,
         valid_from, expires_at, drafted_by, drafted_at, approved_by, approved_at)
       values ($1, 'Yearly', $2::text[]::cidr[], '{}', '{port-scan,tls,http,ssh,dns,banner,script,template,crawl}', '{}', $3,
         'UTC', $4, '{}', 'Li', '1', 'Director', 'paper.pdf', 1, $5, $6, $7, $8, $6, $9, $10)
       returning test_authorization_id as id`,
      [
        all.organizationId,
        all.ranges,
        JSON.stringify(all.windows),
        all.rate,
        createHash('sha256').update('paper').digest(),
        all.validFrom,
        all.expiresAt,
        this.accountId,
        all.approved ? approver : null,
        all.approved ? all.validFrom : null,
      ],
    );
    return rows[0]?.id ?? '';
  }

  /** Ids of the retests, in the order of their age. */
  async retests(work: Partial<Work> & Pick<Work, 'organizationId' | 'authorizationId'>): Promise<string[]> {
    const all: Work = {
      tasks: 1,
      rate: 2,
      engine: 'backcheck',
      vantage: 'main',
      host: '192.0.2.7',
      priority: 10,
      questions: [QUESTION],
      ...work,
    };
    const { rows } = await this.#wide.query<{ id: string }>(
      `with asked as (
         insert into retest (organization_id, origin, priority, requested_by, requested_at)
         select $1, 'order', $2, $3, now() from generate_series(1, $4) returning organization_id, retest_id)
       , tasks as (
         insert into retest_task (organization_id, retest_id, task_no, test_authorization_id, engine, method, vantage, host, questions, priority, rate)
         select organization_id, retest_id, 1, $5, $6, 'port-scan', $7, $8, $9, $2, $10 from asked)
       select retest_id as id from asked order by retest_id`,
      [
        all.organizationId,
        all.priority,
        this.accountId,
        all.tasks,
        all.authorizationId,
        all.engine,
        all.vantage,
        all.host,
        JSON.stringify(all.questions),
        all.rate,
      ],
    );
    return rows.map(({ id }) => id);
  }
}
