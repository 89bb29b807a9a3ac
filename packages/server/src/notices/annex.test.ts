import { NoticeProposal } from '@backcheck/contract';
import { createWidePool, inTransaction, noticeFindingFacts } from '@backcheck/db';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../../tests/support/database.ts';
import { nessusScan } from '../../../../tests/support/nessus-scan.ts';
import { listAll, newOrganization, takeIn } from '../../../../tests/support/stored-world.ts';
import { houseScan } from '../testing/house-scan.ts';
import { annexOf, onlyOf } from './annex.ts';
import { NoticeDesk, ok, step } from './notice-desk.fixture.ts';
import { exampleContent } from './paper/example-content.ts';

describe('what the scanner says of each problem', () => {
  let desk: NoticeDesk;
  beforeAll(async () => {
    desk = await NoticeDesk.open();
    await explain('Turn TLS 1.0 off.', '2026-11-20T03:00:00.000Z');
  });

  /** A later scan that sees the same, and says of it what to do. */
  async function explain(advice: string, at: string): Promise<void> {
    const assets = ['192.0.2.1', '192.0.2.2'].map((value) => [{ kind: 'ip' as const, value }]);
    const words = { description: 'TLS 1.0 is broken.', harm: '', advice };
    const record = { record: 'explanation', check: 'house-audit:weak-tls', ...words };
    const file = houseScan({ at, assets, present: true }).replace(
      '{"record":"end"',
      `${JSON.stringify(record)}\n$&`,
    );
    const fields = { organizationId: desk.organizationId, confirm: 'true' };
    const sent = (await desk.running.upload(file, fields)).json();
    expect(await desk.running.settled(sent.id)).toMatchObject({ state: 'done', problem: null });
  }

  const annex = (advice: string) => ({
    explanations: [{ check: 'house-audit:weak-tls', description: 'TLS 1.0 is broken.', harm: '', advice }],
    more: 0,
  });

  test('stands once for each check behind a circular, and behind other papers where their draft says so', async () => {
    const { content } = await desk.drafted({ kind: 'circular' });
    expect(content).toMatchObject({ findings: [{}, {}, {}], annex: annex('Turn TLS 1.0 off.') });
    expect((await desk.drafted({ kind: 'circular', annex: false })).content.annex).toBeUndefined();
    expect((await desk.drafted()).content.annex).toBeUndefined();
    expect((await desk.drafted({ annex: true })).content.annex).toEqual(annex('Turn TLS 1.0 off.'));
    const url = `/api/v1/notices/proposal?kind=circular&organizationId=${desk.organizationId}`;
    expect(NoticeProposal.parse((await desk.handler.get(url)).json()).content.annex).toBeDefined();
  });

  test('is approved as it was submitted, whatever a later scan says, and printed so', async () => {
    const drafted = await desk.drafted({ kind: 'circular' });
    await ok(step(desk.handler, drafted, 'submit'));
    await explain('Offer TLS 1.2 alone.', '2026-11-20T04:00:00.000Z');
    await ok(step(desk.lead, drafted, 'approve'));
    const issued = await ok(step(desk.lead, drafted, 'issue'));
    expect(issued.content.annex).toEqual(annex('Turn TLS 1.0 off.'));
    expect((await desk.drafted({ kind: 'circular' })).content.annex).toEqual(annex('Offer TLS 1.2 alone.'));
    const paper = await desk.liaison.get(`/api/v1/notices/${issued.id}/paper?format=pdf`);
    expect([paper.statusCode, paper.headers['content-type']]).toEqual([200, 'application/pdf']);
  });
});

describe('an annex', () => {
  let pool: pg.Pool;
  beforeAll(async () => {
    const { connectionString } = await freshDatabase();
    pool = createWidePool({ connectionString });
  });
  afterAll(() => pool.end());

  test('explains fifty checks in the order of the list with two thousand characters each, and says how many more there are', async () => {
    const id = await newOrganization(pool);
    const scan = nessusScan('2026-09-01', true, [{ kind: 'ip', value: '192.0.2.7' }]);
    const checks = Array.from({ length: 53 }, (_, n) => `nessus:${200 + n}`);
    const observations = checks.flatMap((check) => scan.observations.map((one) => ({ ...one, check })));
    const said = checks.slice(1).map((check) => ({
      record: 'explanation' as const,
      check,
      description: '𠮷'.repeat(1500),
      harm: '',
      advice: check,
    }));
    await takeIn(pool, id, { ...scan, observations }, said);
    const ids = (await listAll(pool, id)).map((one) => one.id);
    const annex = await inTransaction(pool, async (tx) => annexOf(tx, await noticeFindingFacts(tx, id, ids)));
    expect(annex?.explanations).toHaveLength(50);
    expect(annex?.more).toBe(2);
    expect(annex?.explanations[0]).toEqual({
      check: 'nessus:201',
      description: `${'𠮷'.repeat(999)}…`,
      harm: '',
      advice: 'nessus:201',
    });
  });

  test('shows whoever sees a part of the findings the words about these alone', () => {
    const { findings, annex } = onlyOf(exampleContent('circular'), new Set(['1043']));
    expect(findings.map(({ id }) => id)).toEqual(['1043']);
    expect(annex?.explanations.map(({ check }) => check)).toEqual(['nuclei:weak-ike-transform']);
  });
});
