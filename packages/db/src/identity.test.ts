import {
  type Identifier,
  type ImportedScan,
  issueCertificate,
  type LedgerEntry,
  verifyCertificate,
  verifyChain,
} from '@backcheck/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { listAll, newOrganization, takeIn } from '../../../tests/support/stored-world.ts';
import { mergeAssets, type Split, splitAsset } from './asset-links.ts';
import { changeRegister, type RegisterChange } from './asset-register.ts';
import { findCertificate } from './certificates.ts';
import { findingHistory } from './history.ts';
import { holdersOf } from './identifiers.ts';
import { listTasks, resolveTask, type TaskAnswer } from './identity-tasks.ts';
import { createWidePool, inTransaction } from './pool.ts';

let pool: ReturnType<typeof createWidePool>;
let organizationId: number;
beforeAll(async () => {
  const { connectionString } = await freshDatabase();
  pool = createWidePool({ connectionString });
});
beforeEach(async () => {
  organizationId = await newOrganization(pool);
});
afterAll(() => pool.end());

const day = (n: number, hour = 0): string => new Date(Date.UTC(2026, 8, n, hour)).toISOString();
const ip = (value: string): Identifier => ({ kind: 'ip', value });
const agent = (value: string): Identifier => ({ kind: 'agent', value });
const mac = (end: string): Identifier => ({ kind: 'mac', value: `00:00:5e:00:53:${end}` });
const fqdn = (value: string): Identifier => ({ kind: 'fqdn', value });

let scans = 0;

/** A complete Nessus run on one day over these assets; `seen`: the plugin reported on all of them. */
async function scan(on: number, seen: boolean, ...assets: Identifier[][]): Promise<void> {
  scans += 1;
  const imported: ImportedScan = {
    scan: {
      record: 'scan',
      format: 'nessus',
      tool: { name: 'nessus', version: '10.8', feed: null },
      startedAt: day(on),
      finishedAt: day(on, 2),
      timeSource: 'file',
      complete: true,
      sha256: `${scans}`.padStart(64, '0'),
    },
    assets: assets.map((identifiers, index) => ({
      record: 'asset',
      id: `a${index}`,
      identifiers,
      reached: true,
      startedAt: day(on),
      finishedAt: day(on, 1),
      credential: 'none',
    })),
    coverage: assets.map((_, index) => ({
      record: 'coverage',
      asset: `a${index}`,
      transport: 'tcp',
      ports: '1-65535',
      checks: { ranges: '104743' },
      method: 'remote',
      evidence: 'E2',
      assumptions: [],
    })),
    observations: (seen ? assets : []).map((_, index) => ({
      record: 'observation',
      asset: `a${index}`,
      transport: 'tcp',
      port: 443,
      check: 'nessus:104743',
      locus: '',
      verdict: 'present',
      title: 'TLS 1.0 is offered',
      severity: 'medium',
      cve: [],
      cwe: [],
      cvss: [],
      at: null,
    })),
    warnings: [],
    importedAt: day(on, 3),
    vantage: 'main',
    submittedBy: 'coordinator',
    declaredBy: null,
    quarantined: false,
  };
  await takeIn(pool, organizationId, imported);
}

const decision = { at: day(28), by: 'a coordinator', note: 'looked at the rack' };
const tasks = (open = true) => listTasks(pool, organizationId, { open, limit: 50 });
const findings = () => listAll(pool, organizationId);

async function onlyFinding() {
  const list = await findings();
  const [first] = list;
  if (first === undefined || list.length !== 1) throw new Error(`${list.length} findings, not one`);
  return first;
}

const merge = (identity: string, target: string) =>
  inTransaction(pool, (tx) =>
    mergeAssets(tx, organizationId, { link: { identity, target, from: null, until: null }, decision }),
  );
const split = (one: Split) =>
  inTransaction(pool, (tx) => splitAsset(tx, organizationId, { split: one, decision }));
const resolve = (taskId: string, answer: TaskAnswer) =>
  inTransaction(pool, (tx) => resolveTask(tx, organizationId, { taskId, answer, decision }));
const change = (one: RegisterChange) =>
  inTransaction(pool, (tx) => changeRegister(tx, organizationId, { change: one, at: day(28) }));

/** Puts the findings of this address under another problem, as a text that names a CVE does. */
const rename = (address: string, problem: number) =>
  pool.query(
    `update finding f set problem = $2 from asset a where f.organization_id = $3 and a.asset_id = f.asset_id and a.identity = $1`,
    [`ip:${address}`, problem, organizationId],
  );
const problemOf = async (id: string): Promise<string | undefined> =>
  (await pool.query<{ problem: string }>('select problem from finding where finding_id = $1', [id])).rows[0]
    ?.problem;

async function ledger(): Promise<LedgerEntry[]> {
  const { rows } = await pool.query<{ entry: LedgerEntry }>(
    'select entry from ledger where organization_id = $1 order by seq',
    [organizationId],
  );
  return rows.map((row) => row.entry);
}

describe('a machine that was met under two names', () => {
  beforeEach(async () => {
    await scan(1, true, [ip('192.0.2.7')]);
    await scan(5, false, [agent('a-1'), ip('192.0.2.7')]);
  });

  test('stays two assets, and a person is asked once', async () => {
    expect((await onlyFinding()).state).toBe('open');
    await scan(6, false, [agent('a-1'), ip('192.0.2.7')]);
    expect(await tasks()).toMatchObject([
      {
        kind: 'maybe-same',
        asset: { identity: 'ip:192.0.2.7' },
        other: { identity: 'agent:a-1' },
        identifier: { kind: 'ip', value: '192.0.2.7' },
        resolution: null,
      },
    ]);
  });

  test('becomes one by the answer: the finding keeps its id and is closed by the scan that was there already', async () => {
    const before = await onlyFinding();
    const [task] = await tasks();
    const into = task?.other?.id ?? '';
    expect(await resolve(task?.id ?? '', { answer: 'merge', into, from: null, until: null })).toEqual({
      kind: 'resolved',
      changed: { visits: 1, findings: 1, superseded: 0, issued: 1 },
    });
    const after = await onlyFinding();
    expect(after).toMatchObject({ id: before.id, state: 'verified-fixed', asset: { id: into } });
    const stored = await findCertificate(pool, after.certificateId ?? '');
    if (stored === null) throw new Error('no certificate');
    expect(stored.proof.closure).toMatchObject({
      rule: 'backcheck/closure-by-proof/v2',
      links: [{ identity: 'ip:192.0.2.7', target: 'agent:a-1', from: null, until: null }],
    });
    const certificate = issueCertificate(stored, new Uint8Array(32).fill(7));
    expect(verifyCertificate(certificate)).toMatchObject({ verdict: 'valid' });
    expect(await tasks()).toEqual([]);
    expect(await tasks(false)).toMatchObject([{ resolution: { answer: 'merge', by: 'a coordinator' } }]);
    const entries = await ledger();
    expect(entries.map((one) => one.kind)).toEqual(['import', 'import', 'merge']);
    expect(verifyChain(entries)).toMatchObject({ intact: true });
  });

  test('is taken apart again: the finding reopens under its id and the certificate no longer stands', async () => {
    await merge('ip:192.0.2.7', 'agent:a-1');
    const { id, certificateId } = await onlyFinding();
    expect(await split({ identity: 'ip:192.0.2.7', from: null, target: null })).toEqual({
      kind: 'linked',
      changed: { visits: 1, findings: 1, superseded: 1, issued: 0 },
    });
    expect(await onlyFinding()).toMatchObject({ id, state: 'open', certificateId: null });
    const stored = await findCertificate(pool, certificateId ?? '');
    expect(stored?.supersession).toMatchObject({ cause: 'register' });
    const kinds = (await findingHistory(pool, id))?.map((event) => event.kind);
    expect(kinds).toEqual(expect.arrayContaining(['present', 'certificate', 'superseded']));
  });

  test('is not asked about again after the answer "different"', async () => {
    const [task] = await tasks();
    await resolve(task?.id ?? '', { answer: 'different' });
    await scan(9, false, [agent('a-1'), ip('192.0.2.7'), mac('09')], [ip('192.0.2.7')]);
    expect(await tasks()).toEqual([]);
    expect(await resolve(task?.id ?? '', { answer: 'different' })).toEqual({
      kind: 'refused',
      code: 'ALREADY_RESOLVED',
    });
  });
});

describe('a merge', () => {
  test('makes one of two findings with the same key; decisions and old certificates go along', async () => {
    await scan(1, true, [ip('192.0.2.7')], [ip('192.0.2.8')]);
    await scan(5, false, [ip('192.0.2.8')]);
    const [gone, kept] = ['192.0.2.8', '192.0.2.7'].map(async (value) =>
      (await findings()).find((one) => one.asset.identifiers[0]?.value === value),
    );
    const [absorbed, survivor] = [await gone, await kept];
    expect(absorbed?.state).toBe('verified-fixed');
    await pool.query(
      `insert into decision (organization_id, finding_id, kind, decided_at, decided_by, note) values ($1, $2, 'claimed', now(), 'x', '')`,
      [organizationId, absorbed?.id],
    );
    await merge('ip:192.0.2.8', 'ip:192.0.2.7');
    const one = await onlyFinding();
    expect(one).toMatchObject({ id: survivor?.id, state: 'verified-fixed' });
    const history = await findingHistory(pool, one.id);
    const papers = history?.filter((event) => event.kind === 'certificate' || event.kind === 'superseded');
    expect(papers?.map((event) => event.certificateId).sort()).toEqual(
      [absorbed?.certificateId, absorbed?.certificateId, one.certificateId].sort(),
    );
    expect(history?.map((event) => event.kind)).toContain('decision');
  });

  test('takes over what the later text says of the problem', async () => {
    await scan(1, true, [ip('192.0.2.7')]);
    await scan(5, true, [ip('192.0.2.8')]);
    await rename('192.0.2.8', 7);
    await merge('ip:192.0.2.8', 'ip:192.0.2.7');
    const one = await onlyFinding();
    expect(await problemOf(one.id)).toBe('7');
  });

  test('is refused where a link would lead to a link, and for names that no scan could give', async () => {
    expect(await merge('ip:192.0.2.1', 'ip:192.0.2.2')).toMatchObject({ kind: 'linked' });
    expect(await merge('ip:192.0.2.2', 'ip:192.0.2.3')).toEqual({ kind: 'refused', code: 'LINK_CHAIN' });
    expect(await merge('ip:192.0.2.1', 'ip:192.0.2.3')).toEqual({ kind: 'refused', code: 'ALREADY_LINKED' });
    for (const name of ['192.0.2.4', 'ip:', 'name:a', 'fqdn:WWW.example.org', 'fqdn:www.example.org.'])
      expect(await merge(name, 'ip:192.0.2.3')).toEqual({ kind: 'refused', code: 'BAD_IDENTITY' });
  });
});

describe('a split', () => {
  test('from a day on gives the later visits, and a finding of its own, to the new machine', async () => {
    await scan(1, true, [ip('192.0.2.7')]);
    await scan(10, true, [ip('192.0.2.7')]);
    const before = await onlyFinding();
    await rename('192.0.2.7', 7);
    await split({ identity: 'ip:192.0.2.7', from: day(8), target: 'serial:inv-42' });
    for (const { id } of await findings()) expect(await problemOf(id)).toBe('7');
    await scan(12, false, [ip('192.0.2.7')]);
    const list = (await findings()).map(({ id, state, lastSeen, asset }) => ({
      old: id === before.id,
      state,
      lastSeen,
      name: asset.identifiers[0]?.value,
    }));
    expect(list.sort((a, b) => Number(b.old) - Number(a.old))).toEqual([
      { old: true, state: 'open', lastSeen: day(1, 1), name: '192.0.2.7' },
      { old: false, state: 'verified-fixed', lastSeen: day(10, 1), name: 'inv-42' },
    ]);
  });

  test('is refused where nothing is linked', async () => {
    const none = await split({ identity: 'ip:192.0.2.7', from: day(8), target: null });
    expect(none).toEqual({ kind: 'refused', code: 'NOT_LINKED' });
  });
});

describe('a question is asked', () => {
  test('when two machines were met at one address', async () => {
    await scan(1, false, [agent('a-1'), ip('192.0.2.7')]);
    await scan(2, false, [agent('a-2'), ip('192.0.2.7')]);
    expect(await tasks()).toMatchObject([
      { kind: 'same-address', asset: { identity: 'agent:a-1' }, other: { identity: 'agent:a-2' } },
    ]);
  });

  test('when a visit could not speak for a finding because another card answered', async () => {
    await scan(1, true, [ip('192.0.2.7'), mac('01')]);
    await scan(2, false, [ip('192.0.2.7'), mac('02')]);
    await scan(3, false, [ip('192.0.2.7'), mac('02')]);
    expect((await onlyFinding()).reason).toBe('IDENTITY_CONFLICT');
    const [task, ...more] = await tasks();
    expect(more).toEqual([]);
    expect(task).toMatchObject({
      kind: 'same-address',
      other: null,
      identifier: { kind: 'mac', value: '00:00:5e:00:53:02' },
    });
    const answer = { answer: 'merge', into: task?.asset.id ?? '', from: null, until: null } as const;
    expect(await resolve(task?.id ?? '', answer)).toEqual({ kind: 'refused', code: 'ONE_ASSET' });
  });

  test('when two addresses share a host key', async () => {
    const key: Identifier = { kind: 'hostkey', value: 'ssh-ed25519:0123456789abcdef0123456789abcdef' };
    await scan(1, false, [ip('192.0.2.7'), key]);
    await scan(2, false, [ip('192.0.2.9'), key]);
    expect(await tasks()).toMatchObject([{ kind: 'maybe-same', identifier: { kind: 'hostkey' } }]);
  });

  test.each<[string, Identifier[][]]>([
    [
      'virtual hosts of one address',
      [
        [fqdn('a.example.org'), ip('192.0.2.7')],
        [fqdn('b.example.org'), ip('192.0.2.7')],
      ],
    ],
    ['an address and a name that has it', [[ip('192.0.2.7')], [fqdn('a.example.org'), ip('192.0.2.7')]]],
    ['nine copies of one image', Array.from({ length: 9 }, (_, n) => [ip(`192.0.2.${n}`), mac('01')])],
    [
      'assets that have nothing in common',
      [
        [ip('192.0.2.7'), mac('01')],
        [agent('a-1'), ip('192.0.2.8'), mac('02')],
      ],
    ],
  ])('not for %s', async (_, assets) => {
    await scan(1, false, ...assets);
    expect(await tasks()).toEqual([]);
  });

  test('not for an address in a DHCP range, and not for back ends', async () => {
    await change({ kind: 'add-dhcp-range', cidr: '192.0.2.0/25' });
    await change({ kind: 'balanced-asset', identity: 'ip:192.0.2.200', backends: 2 });
    await scan(1, true, [agent('a-1'), ip('192.0.2.7')], [ip('192.0.2.200'), mac('01')]);
    await scan(2, false, [agent('a-2'), ip('192.0.2.7')], [ip('192.0.2.200'), mac('02')]);
    expect(await tasks()).toEqual([]);
  });
});

test('who had an address on a day can be asked, also after the machine was merged', async () => {
  await scan(1, false, [agent('a-1'), ip('192.0.2.7')]);
  await scan(4, false, [agent('a-1'), ip('192.0.2.7')]);
  await scan(6, false, [agent('A-2'), ip('192.0.2.7')]);
  const asked = (at: string) =>
    holdersOf(pool, organizationId, { kind: 'ip', value: '192.0.2.7', at }).then((list) =>
      list.map(({ identity, firstSeen, lastSeen }) => [identity, firstSeen, lastSeen]),
    );
  expect(await asked(day(2))).toEqual([['agent:a-1', day(1), day(4, 1)]]);
  expect(await asked(day(5))).toEqual([]);
  expect(await asked(day(6))).toEqual([['agent:a-2', day(6), day(6, 1)]]);
  await merge('agent:a-2', 'agent:a-1');
  expect(await asked(day(5))).toEqual([['agent:a-1', day(1), day(6, 1)]]);
});

test('a DHCP range that is registered later reopens what an address alone had closed', async () => {
  await scan(1, true, [ip('192.0.2.7')]);
  await scan(2, false, [ip('192.0.2.7')]);
  const { certificateId } = await onlyFinding();
  expect(await change({ kind: 'add-dhcp-range', cidr: '192.0.2.0/24' })).toEqual({ kind: 'registered' });
  expect(await onlyFinding()).toMatchObject({ state: 'fixed-unverified', reason: 'IDENTITY_CONFLICT' });
  expect((await findCertificate(pool, certificateId ?? ''))?.supersession).toMatchObject({
    cause: 'register',
  });
  await change({ kind: 'remove-dhcp-range', cidr: '192.0.2.0/24' });
  expect((await onlyFinding()).state).toBe('verified-fixed');
});

test('an asset with back ends is closed by five scans over a day, and its certificate names all five', async () => {
  await change({ kind: 'balanced-asset', identity: 'ip:192.0.2.7', backends: 3 });
  await scan(1, true, [ip('192.0.2.7')]);
  for (const on of [2, 3, 4, 5]) await scan(on, false, [ip('192.0.2.7')]);
  expect(await onlyFinding()).toMatchObject({ state: 'fixed-unverified', reason: 'IDENTITY_CONFLICT' });
  await scan(6, false, [ip('192.0.2.7')]);
  const { state, certificateId } = await onlyFinding();
  expect(state).toBe('verified-fixed');
  const closure = (await findCertificate(pool, certificateId ?? ''))?.proof.closure;
  expect(closure?.need.samples).toBe(5);
  expect(closure?.witnesses).toHaveLength(5);
});

test.each<RegisterChange>([
  { kind: 'add-dhcp-range', cidr: '192.0.2.7/24' },
  { kind: 'add-dhcp-range', cidr: '192.0.2.0' },
  { kind: 'add-dhcp-range', cidr: 'everything' },
  { kind: 'balanced-asset', identity: 'ip:192.0.2.7', backends: 1 },
  { kind: 'balanced-asset', identity: 'ip:192.0.2.7', backends: 2.5 },
])('the register refuses %j', async (one) => {
  expect(await change(one)).toEqual({ kind: 'refused', code: 'INVALID' });
});
