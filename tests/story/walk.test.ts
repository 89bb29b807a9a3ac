import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding, Import } from '@backcheck/contract';
import { type ScanFacts, verifyCertificate } from '@backcheck/core';
import { collectScan, readScan } from '@backcheck/scans';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCommand } from '../../packages/cli/src/verify.ts';
import { RunningApp } from '../../packages/server/src/testing/running-app.ts';
import { canMakeNamespaces, type LabNetwork, withNamespace } from '../lab/namespace.ts';
import { hasCommands } from '../lab/process.ts';
import { runNmap, runSslscan, runTestssl, type ScanOrder } from '../lab/scanners.ts';
import { type LabServer, startPlainServer, startTlsServer } from '../lab/server.ts';

/**
 * The brochure, run: a weak TLS server, real scanners, the server of Backcheck, certificates. The lab is two
 * network namespaces with documentation addresses, so that "the server is down" is real.
 */
const ADDRESS = '192.0.2.10';
const TLS = 443;
const HTTP = 80;
const DECLARED = { declaredBy: 'coordinator' };

const ready = canMakeNamespaces() && hasCommands('nmap', 'sslscan', 'testssl');
if (!ready) console.warn('Skipped: the walk needs root, iproute2, nmap, sslscan and testssl.sh.');

let app: RunningApp;
let organizationId: string;
let network: LabNetwork;
let folder: string;
let leaveNetwork: () => void;
let networkGone: Promise<void>;
const servers: LabServer[] = [];

beforeAll(async () => {
  if (!ready) return;
  folder = await mkdtemp(join(tmpdir(), 'backcheck-walk-'));
  app = await RunningApp.start();
  await app.work();
  organizationId = await app.organization();
  await new Promise<void>((entered, failed) => {
    const left = new Promise<void>((leave) => {
      leaveNetwork = leave;
    });
    networkGone = withNamespace(async (made) => {
      network = made;
      entered();
      await left;
    });
    networkGone.catch(failed);
  });
  await network.addAddress(ADDRESS);
  await serve('plain', HTTP);
});

afterAll(async () => {
  if (!ready) return;
  for (const server of servers) await server.stop();
  leaveNetwork();
  await networkGone;
  await rm(folder, { recursive: true, force: true });
});

async function serve(mode: 'weak' | 'fixed' | 'plain', port: number): Promise<LabServer> {
  const place = { address: ADDRESS, port, namespace: network.servers };
  const server = mode === 'plain' ? await startPlainServer(place) : await startTlsServer({ ...place, mode });
  servers.push(server);
  return server;
}

const order = (file: string, more: Partial<ScanOrder> = {}): ScanOrder => ({
  folder,
  file,
  namespace: network.scanner,
  ...more,
});
const nmap = (file: string, ports = `${HTTP},${TLS}`): Promise<string> =>
  runNmap({ ...order(file), targets: [ADDRESS], ports });
const sslscan = (file: string, port = TLS, options: string[] = []): Promise<string> =>
  runSslscan({ ...order(file, { options }), target: `${ADDRESS}:${port}` });
/** The checks that need most time add nothing here; what is left takes about half a minute. */
const TESTSSL = [
  '--protocols',
  '--headers',
  '--server-defaults',
  '--standard',
  '--beast',
  '--lucky13',
  '--freak',
  '--logjam',
];
const testssl = (file: string, more: Partial<ScanOrder> = {}, port = TLS): Promise<string> =>
  runTestssl({ ...order(file, { options: TESTSSL, ...more }), target: `${ADDRESS}:${port}` });

/** Sends a file as a person would, looks at the sheet, confirms. */
async function takeIn(path: string, fields: Record<string, string> = {}): Promise<Import> {
  const answer = await app.upload(await readFile(path), { organizationId, ...fields });
  expect(answer.statusCode, answer.body).toBe(202);
  const { id } = answer.json<{ id: string }>();
  const preview = await app.settled(id);
  expect(preview.problem).toBeNull();
  expect(preview.state).toBe('ready');
  await app.send({ method: 'POST', url: `/api/v1/imports/${id}/confirm` });
  const done = await app.settled(id);
  expect(done.state).toBe('done');
  return done;
}

const declared = async (work: () => Promise<string>): Promise<Import> => {
  const declaredAt = new Date().toISOString();
  return takeIn(await work(), { declaredAt, ...DECLARED });
};

async function findings(): Promise<Finding[]> {
  const items: Finding[] = [];
  let cursor: string | null = null;
  do {
    const page: string = cursor === null ? '' : `&cursor=${cursor}`;
    const answer = await app.get(`/api/v1/findings?organizationId=${organizationId}&limit=200${page}`);
    const body = answer.json<{ items: Finding[]; nextCursor: string | null }>();
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return items;
}

const keyOf = (one: { transport: string; port: number; check: string; locus: string }): string =>
  `${one.transport}/${one.port} ${one.check} ${one.locus}`;
const keysIn = (list: readonly Finding[], state: Finding['state']): string[] =>
  list
    .filter((one) => one.state === state)
    .map(keyOf)
    .sort();

/** What a file says, read apart from the database. */
const factsOf = (path: string): Promise<ScanFacts> => collectScan(readScan(createReadStream(path)));

async function presentIn(paths: readonly string[]): Promise<Set<string>> {
  const all = await Promise.all(paths.map(factsOf));
  return new Set(
    all.flatMap((facts) => facts.observations.filter((one) => one.verdict === 'present').map(keyOf)),
  );
}

const byTool = (list: readonly Finding[], tool: string): Finding[] =>
  list.filter((one) => one.check.startsWith(tool));

/** Every open finding of the tool has this reason, and there is at least one. */
function expectReason(list: readonly Finding[], tool: string, reasons: readonly string[]): void {
  const open = byTool(list, tool).filter((one) => one.state === 'open');
  expect(open.length).toBeGreaterThan(0);
  expect(
    [...new Set(open.map((one) => one.reason))].filter((one) => !reasons.includes(one ?? 'none')),
  ).toEqual([]);
}

async function certificateOf(finding: Finding): Promise<string> {
  const answer = await app.get(`/api/v1/certificates/${finding.certificateId}`);
  expect(answer.statusCode).toBe(200);
  return answer.body;
}

/** Where a server without TLS closes the connection between two of its sends, sslscan 2.0.7 ends within its file. */
const CUT = 'INCOMPLETE';

const before: string[] = [];
const after: string[] = [];
let cleanBefore = '';
let closed: Finding[] = [];

describe.skipIf(!ready)('a weakness is found, said to be fixed, proven fixed, and returns', () => {
  test('a weak TLS server scanned by nmap, sslscan and testssl.sh opens findings', async () => {
    const fixed = await serve('fixed', TLS);
    cleanBefore = await nmap('clean-before.xml');
    await fixed.stop();
    servers.splice(servers.indexOf(fixed), 1, await serve('weak', TLS));
    before.push(await nmap('before.xml'));
    await takeIn(before[0] ?? '');
    for (const work of [() => sslscan('before-sslscan.xml'), () => testssl('before-testssl.json')]) {
      await declared(async () => {
        const path = await work();
        before.push(path);
        return path;
      });
    }
    const list = await findings();
    const tools = [...new Set(list.map((one) => one.check.split(':')[0]))].sort();
    expect(tools).toEqual(['nmap', 'nmap-script', 'sslscan', 'testssl']);
    expect(new Set(list.map((one) => one.state))).toEqual(new Set(['open']));
    expect(new Set(list.map(keyOf))).toEqual(await presentIn(before));
  });

  test('a clean file from before the weakness appeared closes nothing when it is sent in later', async () => {
    const { sheet } = await takeIn(cleanBefore);
    expect(sheet?.findings.closes).toBe(0);
    const list = await findings();
    expect(keysIn(list, 'verified-fixed')).toEqual([]);
    expect(list.some((one) => one.reason === 'STALE')).toBe(true);
  });

  test('the server is down: nothing closes, and the reason is that nobody answered', async () => {
    await network.removeAddress(ADDRESS);
    await takeIn(await nmap('down.xml'));
    // It waits for the system's answer: sslscan 2.0.7 does not keep to --connect-timeout where nobody answers.
    await declared(() => sslscan('down-sslscan.xml'));
    await takeIn(await testssl('down-testssl.json', { options: [...TESTSSL, '--connect-timeout', '3'] }));
    await network.addAddress(ADDRESS);
    const list = await findings();
    expect(keysIn(list, 'open')).toHaveLength(list.length);
    expect([...new Set(list.map((one) => one.reason))]).toEqual(['NO_HOST']);
  });

  test('scans of another port close nothing: PORT_OUTSIDE', async () => {
    await takeIn(await nmap('other-port.xml', `${HTTP}`));
    await declared(() => sslscan('other-port-sslscan.xml', HTTP));
    const list = await findings();
    expect(keysIn(list, 'open')).toHaveLength(list.length);
    expectReason(
      list.filter((one) => one.port === TLS),
      'nmap',
      ['PORT_OUTSIDE'],
    );
    expectReason(list, 'sslscan:', ['PORT_OUTSIDE', CUT]);
  });

  test('sslscan pointed at plain HTTP, on the very port, closes nothing though it prints every protocol as disabled', async () => {
    await stopOn(TLS);
    const plain = await serve('plain', TLS);
    await declared(() => sslscan('plain-sslscan.xml'));
    await plain.stop();
    servers.splice(servers.indexOf(plain), 1);
    const list = await findings();
    expect(keysIn(list, 'verified-fixed')).toEqual([]);
    expectReason(list, 'sslscan:', ['CHECK_NOT_RUN', CUT]);
  });

  test('testssl.sh interrupted half way closes only what it really examined', async () => {
    await serve('fixed', TLS);
    const path = await testssl('interrupted.json', { stop: { signal: 'SIGINT', afterMs: 9_000 } });
    const facts = await factsOf(path);
    expect(facts.scan.complete).toBe(false);
    await takeIn(path);
    const list = byTool(await findings(), 'testssl:');
    // Interrupted while it writes, testssl.sh leaves a damaged file: nothing in that closes.
    const sound = facts.scan.truncated === true ? [] : facts.observations;
    const absent = new Set(sound.filter((one) => one.verdict === 'absent').map(keyOf));
    expect(keysIn(list, 'verified-fixed')).toEqual(
      list
        .map(keyOf)
        .filter((key) => absent.has(key))
        .sort(),
    );
    expect(keysIn(list, 'open').length).toBeGreaterThan(0);
    expectReason(
      list.filter((one) => one.state === 'open'),
      'testssl:',
      ['INCOMPLETE', 'CHECK_NOT_RUN', 'none'],
    );
  });

  test('a clean file that does not say when it was made closes nothing without a declared time', async () => {
    await takeIn(await sslscan('undated-sslscan.xml'));
    const list = byTool(await findings(), 'sslscan:');
    expect(keysIn(list, 'verified-fixed')).toEqual([]);
    expect(list.some((one) => one.reason === 'NO_TIME')).toBe(true);
  });

  test('the server is fixed and scanned fully: exactly the fixed findings close', async () => {
    after.push(await nmap('after.xml'));
    await takeIn(after[0] ?? '');
    for (const work of [() => sslscan('after-sslscan.xml'), () => testssl('after-testssl.json')]) {
      await declared(async () => {
        const path = await work();
        after.push(path);
        return path;
      });
    }
    const list = await findings();
    const still = await presentIn(after);
    closed = list.filter((one) => one.state === 'verified-fixed');
    expect(closed.length).toBeGreaterThan(20);
    expect(closed.map(keyOf).filter((key) => still.has(key))).toEqual([]);
    // Everything that the second scans no longer report and could judge is closed; the rest says why not.
    const seenBefore = await presentIn(before);
    const undecided = list.filter((one) => one.state !== 'verified-fixed' && !still.has(keyOf(one)));
    expect(undecided.filter((one) => seenBefore.has(keyOf(one)) && one.reason === null)).toEqual([]);
  });

  test('each closed finding has a certificate that backcheck verify accepts', async () => {
    const paths: string[] = [];
    for (const finding of closed) {
      const path = join(folder, `certificate-${finding.id}.json`);
      await writeFile(path, await certificateOf(finding));
      paths.push(path);
    }
    const lines: string[] = [];
    const output = {
      out: (line: string) => lines.push(line),
      err: (line: string) => lines.push(line),
      language: 'en' as const,
    };
    expect(await verifyCommand(paths, {}, output)).toBe(0);
    expect(lines).toHaveLength(paths.length);
  });

  test('any flipped byte breaks a certificate', async () => {
    const [finding] = closed;
    if (finding === undefined) throw new Error('nothing was closed');
    const bytes = Buffer.from(await certificateOf(finding));
    expect(verifyCertificate(bytes).verdict).toBe('valid');
    for (let place = 0; place < bytes.length; place += 1) {
      const flipped = Buffer.from(bytes);
      flipped[place] = (flipped[place] ?? 0) ^ (1 << (place % 8));
      expect(verifyCertificate(flipped).verdict, `byte ${place}`).not.toBe('valid');
    }
  });

  test('the weakness returns: regressed, the old certificate superseded, the history kept', async () => {
    const sample = byTool(closed, 'sslscan:')[0];
    if (sample === undefined) throw new Error('sslscan closed nothing');
    const historyBefore = await historyOf(sample);
    await stopOn(TLS);
    await serve('weak', TLS);
    await takeIn(await nmap('returned.xml'));
    await declared(() => sslscan('returned-sslscan.xml'));
    const list = await findings();
    const regressed = list.filter((one) => one.state === 'regressed');
    expect(regressed.map(keyOf)).toContain(keyOf(sample));
    expect(byTool(regressed, 'nmap').length).toBeGreaterThan(0);
    expect(regressed.every((one) => one.certificateId === null)).toBe(true);
    const status = await app.get(`/api/v1/certificates/${sample.certificateId}/status`);
    expect(status.json()).toMatchObject({ current: false, cause: 'regressed' });
    const history = await historyOf(sample);
    expect(history.length).toBeGreaterThan(historyBefore.length);
    expect(history.map((event) => event.kind)).toEqual(
      expect.arrayContaining(['present', 'absent', 'certificate', 'superseded']),
    );
  });
});

async function stopOn(port: number): Promise<void> {
  for (const server of servers.filter((one) => one.port === port)) {
    await server.stop();
    servers.splice(servers.indexOf(server), 1);
  }
}

async function historyOf(finding: Finding): Promise<{ kind: string }[]> {
  const answer = await app.get(`/api/v1/findings/${finding.id}/history`);
  return answer.json<{ events: { kind: string }[] }>().events;
}
