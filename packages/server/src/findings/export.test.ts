import { FINDING_LEDGER, FINDING_LEDGER_WORDS, FindingList } from '@backcheck/contract';
import type { NewGrant } from '@backcheck/db';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSpreadsheet } from '../registers/spreadsheet/open-spreadsheet.ts';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp } from '../testing/running-app.ts';
import { clockIn } from './ledger-cells.ts';

const FORMULA = '=HYPERLINK("http://192.0.2.66/","open")';
const ANY_ASSET = { kind: 'ip', value: '192.0.2.77' } as const;
let running: RunningApp;
let organizationId: string;
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  organizationId = await running.organization('Lakeside Hospital');
  const machines = [1, 2, 3].map((n) => [{ kind: 'ip', value: `192.0.2.${n}` } as const]);
  await send(houseScan({ at: '2026-10-01T10:00:00Z', assets: machines, present: true }));
  await send(
    houseScan({
      at: '2026-10-02T10:00:00Z',
      assets: [...machines.slice(0, 1), [{ kind: 'ip', value: '192.0.2.9' }]],
      present: false,
    }),
  );
});

async function send(file: string, to = organizationId): Promise<void> {
  const sent = (await running.upload(file, { organizationId: to, confirm: 'true' })).json();
  expect((await running.settled(sent.id)).problem).toBeNull();
}

type Ledger = Record<keyof typeof FINDING_LEDGER, string>;

/** The sheet as the project's own reader takes it, a member for each column. */
async function ledger(query: string): Promise<{ readonly headers: string[]; readonly rows: Ledger[] }> {
  const answer = await running.get(`/api/v1/findings/export?${query}`);
  expect(answer.statusCode).toBe(200);
  const opened = await openSpreadsheet(answer.rawPayload);
  if ('refused' in opened) throw new Error(opened.refused);
  const all: string[][] = [];
  await opened.sheets[0]?.walk(async (rows) => {
    all.push(...rows.map(({ cells }) => cells.map((cell) => String(cell ?? ''))));
  });
  const [headers = [], ...rows] = all;
  const keys = Object.keys(FINDING_LEDGER);
  return {
    headers,
    rows: rows.map((cells) => Object.fromEntries(keys.map((key, i) => [key, cells[i] ?? ''])) as Ledger),
  };
}

describe('the ledger of findings', () => {
  it.each(['xlsx', 'csv'])(
    'has the columns of the paper ledger in its order, in both languages (%s)',
    async (format) => {
      const { headers } = await ledger(`format=${format}&language=zh`);
      expect(headers.slice(0, 9)).toEqual([
        '问题编号',
        '发现时间',
        '发现来源',
        '报告人',
        '问题名称',
        '问题描述',
        '问题类型',
        'CVSS 评分',
        '风险等级',
      ]);
      const { headers: english } = await ledger(`format=${format}&language=en`);
      expect(english.slice(0, 6)).toEqual(['No.', 'Found', 'Source', 'Reported by', 'Name', 'Description']);
    },
  );

  it('tells declared, tested and proven apart, with the certificate, or the reason why it is not proven', async () => {
    const { rows } = await ledger('language=zh&timeZone=Asia/Shanghai&sort=age');
    expect(rows).toHaveLength(3);
    const proven = rows.find(({ asset }) => asset === '192.0.2.1');
    const open = rows.find(({ asset }) => asset === '192.0.2.2');
    expect(proven).toMatchObject({
      organization: '湖畔医院',
      reporter: expect.stringContaining('Tester'),
      declared: '未申报',
      tested: '未复测',
      proven: expect.stringMatching(/^是 2026-10-02 18:00 \+08:00$/),
      certificate: expect.stringMatching(/^\d+$/),
      reason: '',
      found: '2026-10-01 18:00 +08:00',
      grade: '高危',
    });
    expect(open).toMatchObject({ proven: '否', certificate: '', reason: '未到达资产' });
  });

  it('holds what the list shows under the same filters and rights', async () => {
    const list = FindingList.parse((await running.get('/api/v1/findings?state=open')).json());
    const { rows } = await ledger('state=open&language=en');
    expect(rows.map(({ number }) => number)).toEqual(list.items.map(({ id }) => id));
    expect(rows.map(({ declared, proven }) => [declared, proven])).toEqual([
      ['Not declared', 'No'],
      ['Not declared', 'No'],
    ]);
    const refused = await running.app.inject({ url: '/api/v1/findings/export' });
    expect(refused.statusCode).toBe(401);
  });

  it('runs no formula that a scanner wrote', async () => {
    const { widePool } = running.parts;
    await widePool.query(
      `update asset set identifiers = jsonb_build_array(jsonb_build_object('kind', 'fqdn', 'value', $1::text)) where organization_id = $2`,
      [FORMULA, organizationId],
    );
    const csv = (await running.get('/api/v1/findings/export?format=csv&state=open')).body;
    expect(csv).toContain(`"'=HYPERLINK(`);
    expect(csv).not.toMatch(/(^|,)"?=/m);
  });

  it('is in the audit log with how many it held', async () => {
    const { rows } = await running.parts.widePool.query(
      `select action, details from audit_entry where details ->> 'operation' = 'GET /api/v1/findings/export' order by audit_entry_id desc limit 1`,
    );
    expect(rows).toMatchObject([
      { action: 'export', details: { findings: 2, format: 'csv', outcome: 'done' } },
    ]);
  });

  it('opens also where a scanner wrote control characters, and is an empty sheet where nothing matches', async () => {
    const { widePool } = running.parts;
    const name = 'bell\u0001 escape\u001b[31m \ufffe _x0001_';
    await widePool.query(
      `update asset set identifiers = jsonb_build_array(jsonb_build_object('kind', 'fqdn', 'value', $1::text)) where organization_id = $2`,
      [name, organizationId],
    );
    for (const format of ['xlsx', 'csv'])
      expect((await ledger(`format=${format}&state=open`)).rows.map(({ asset }) => asset)).toEqual([
        name,
        name,
      ]);
    for (const format of ['xlsx', 'csv']) {
      const { headers, rows } = await ledger(`format=${format}&language=en&q=nothing-is-called-so`);
      expect([headers[0], rows]).toEqual(['No.', []]);
    }
  });

  it('holds for the owner of a system and a contractor what the list shows them, and of other organizations nothing', async () => {
    const { rows: of } = await running.parts.widePool.query<{ id: number }>(
      `with s as (insert into system (organization_id, name, sys_code) values ($1, 'Mail', 'M') returning system_id),
         a as (update asset set system_id = (select system_id from s) where asset_id = (select min(asset_id) from asset where organization_id = $1))
       select system_id as id from s`,
      [organizationId],
    );
    const here = { organizationId: Number(organizationId) };
    const there = { organizationId: Number(await running.organization('A neighbour')) };
    const numbers = async (grant: Partial<NewGrant>) => {
      const visitor = await running.visitor(JSON.stringify(grant), [grant]);
      const list = FindingList.parse((await visitor.get('/api/v1/findings')).json());
      const sheet = await visitor.get('/api/v1/findings/export?format=csv');
      const [, ...lines] = sheet.body.trim().split('\r\n');
      expect(lines.map((line) => line.split(',')[0])).toEqual(list.items.map(({ id }) => id));
      return lines.length;
    };
    expect(await numbers({ role: 'liaison', ...here })).toBe(3);
    expect(await numbers({ role: 'contractor', ...here })).toBe(3);
    expect(await numbers({ role: 'system-owner', ...here, systemId: of[0]?.id ?? 0 })).toBe(1);
    expect(await numbers({ role: 'liaison', ...there })).toBe(0);
  });

  it.each(['xlsx', 'csv'])(
    'describes a problem, its harm and what to do in the words of the tool, else by its check (%s)',
    async (format) => {
      const explained = await running.organization(`Explained ${format}`);
      const words = { description: 'TLS 1.0 is\nbroken.', harm: '', advice: '=Turn it off.' };
      const file = houseScan({ at: '2026-10-01T10:00:00Z', assets: [[ANY_ASSET]], present: true });
      const explanation = { record: 'explanation', check: 'house-audit:weak-tls', ...words };
      await send(file.replace('{"record":"end"', `${JSON.stringify(explanation)}\n$&`), explained);
      const { rows } = await ledger(`format=${format}&organizationId=${explained}`);
      expect(rows).toMatchObject([{ ...words, check: 'house-audit:weak-tls' }]);
      const [plain] = (await ledger(`format=${format}&organizationId=${organizationId}`)).rows;
      expect(plain).toMatchObject({ description: 'house-audit:weak-tls', harm: '', advice: '' });
    },
  );

  it('holds each finding once, also while scans change them', async () => {
    const { widePool } = running.parts;
    await widePool.query(
      `insert into finding (organization_id, asset_id, check_id, port, transport, locus_key, locus, description_id, described_at, severity, first_seen, state, changed_at, problem)
       select f.organization_id, f.asset_id, f.check_id, 30000 + n, 0, '', '', f.description_id, now(), 1, now(), 'open', '2026-10-01', 1
       from (select * from finding order by finding_id limit 1) f, generate_series(1, 1500) n`,
    );
    let done = false;
    const changing = (async () => {
      for (let n = 0; !done && n < 200; n += 1)
        await widePool.query(
          `update finding set changed_at = date_trunc('milliseconds', clock_timestamp()) where severity = 1 and port % 50 = $1`,
          [n % 50],
        );
    })();
    const { rows } = await ledger('severity=low&sort=lastChange');
    done = true;
    await changing;
    expect(new Set(rows.map(({ number }) => number)).size).toBe(rows.length);
    expect(rows).toHaveLength(1500);
  });

  it('answers others while it writes thousands of rows', async () => {
    for (const format of ['xlsx', 'csv']) {
      let written = false;
      const whole = ledger(`format=${format}&severity=low`).finally(() => {
        written = true;
      });
      let answered = 0;
      for (; !written && answered < 20; answered += 1) await running.get('/healthz');
      expect((await whole).rows).toHaveLength(1500);
      expect(answered).toBeGreaterThan(10);
    }
  });

  it('is refused beyond its limit before it is written', async () => {
    const { widePool } = running.parts;
    await widePool.query(
      `insert into finding (organization_id, asset_id, check_id, port, transport, locus_key, locus, description_id, described_at, severity, first_seen, state, changed_at, problem)
       select f.organization_id, f.asset_id, f.check_id, 1000 + n, 0, '', '', f.description_id, now(), 1, now(), 'open', now(), 1
       from (select * from finding order by finding_id limit 1) f, generate_series(1, 20000) n`,
    );
    const problem = await running.refused({ method: 'GET', url: '/api/v1/findings/export?language=en' });
    expect(problem).toMatchObject({ code: 'FINDING_EXPORT_TOO_LARGE', status: 422 });
    expect((await running.get(`/api/v1/findings/export?severity=high`)).statusCode).toBe(200);
  });
});

it.each([
  ['2026-11-20T16:00:00.000Z', 'Asia/Shanghai', '2026-11-20 24:00 +08:00'],
  ['2026-11-20T16:00:00.000Z', 'UTC', '2026-11-20 16:00 +00:00'],
  ['2027-01-01T00:00:00.000Z', 'UTC', '2026-12-31 24:00 +00:00'],
  ['2026-07-01T04:00:00.000Z', 'America/New_York', '2026-06-30 24:00 -04:00'],
])('a date that ends at %s is in %s the end of a day: %s', (at, zone, shown) => {
  expect(clockIn(zone)(at, 'end')).toBe(shown);
});

it('says each of its words in both languages', () => {
  for (const { zh, en } of [
    ...Object.values(FINDING_LEDGER).map(({ label }) => label),
    ...Object.values(FINDING_LEDGER_WORDS),
  ])
    expect([zh, en]).not.toContain('');
});
