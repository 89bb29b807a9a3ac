import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canEnter } from './account.ts';
import type { PostgresFault } from './fault.ts';
import { postgresProcessesIn } from './processes.ts';
import { type RunningPostgres, startPostgres } from './start-postgres.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY = { uid: 65534, gid: 65534 };
const crashes: PostgresFault[] = [];
const running: RunningPostgres[] = [];
const children: ChildProcess[] = [];
let dataDir: string;

/** A server in a process of its own, which can be killed. It prints the address when it is up. */
const SERVER = `
  const { startPostgres } = await import(process.argv[1]);
  try {
    const { pid, host } = await startPostgres({ dataDir: process.argv[2], onCrash: (fault) => console.log(JSON.stringify({ crash: fault.message })) });
    console.log(JSON.stringify({ pid, host }));
    setInterval(() => {}, 1000);
  } catch (fault) {
    console.log(JSON.stringify({ code: fault.code, message: fault.message }));
  }`;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'backcheck-pg-'));
  chmodSync(dataDir, 0o711);
  crashes.length = 0;
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of running.splice(0)) await server.stop();
  const cluster = join(dataDir, 'postgres');
  if (existsSync(cluster)) for (const pid of postgresProcessesIn(cluster)) process.kill(pid, 'SIGKILL');
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
});

async function start(folder = dataDir): Promise<RunningPostgres> {
  const server = await startPostgres({ dataDir: folder, onCrash: (fault) => crashes.push(fault) });
  running.push(server);
  return server;
}

async function ask<T extends object>(server: { host: string }, sql: string): Promise<T[]> {
  const client = new pg.Client({ host: server.host, port: 5432, user: 'backcheck', database: 'backcheck' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Starts a server in another process; resolves with the child and the first thing it said. */
async function startElsewhere(account: { uid?: number; gid?: number } = {}) {
  const args = [
    '--input-type=module',
    '-e',
    SERVER,
    new URL('start-postgres.ts', import.meta.url).href,
    dataDir,
  ];
  const child = spawn(process.execPath, args, { ...account, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await once(child.stdout, 'data');
  const said: { pid: number; host: string; code?: string; message?: string } = JSON.parse(String(line));
  return { child, said };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !condition(); tries += 1) await wait(10);
}

describe('the embedded database', () => {
  it('is created with checksums, UTF-8 order and durable commits, and is not on the network', async () => {
    const server = await start();
    const [settings] = await ask<Record<string, string>>(
      server,
      `select current_setting('data_checksums') as checksums, current_setting('fsync') as fsync,
        current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as network,
        datlocprovider::text || ' ' || datlocale || ' ' || pg_encoding_to_char(encoding) as locale
       from pg_database where datname = current_database()`,
    );
    expect(settings).toEqual({
      checksums: 'on',
      fsync: 'on',
      commit: 'on',
      network: '',
      locale: 'b C.UTF-8 UTF8',
    });
    expect(statSync(server.host).mode & 0o777).toBe(0o700);
  });

  it('keeps what was written over a stop and a start, and the connection text means the same server', async () => {
    const first = await start();
    await ask(first, `create table kept as select '销号' as word`);
    await first.stop();
    const second = await start();
    const client = new pg.Client(second.connectionString);
    await client.connect();
    expect((await client.query('select word from kept')).rows).toEqual([{ word: '销号' }]);
    await client.end();
    expect(existsSync(join(dataDir, 'postgres.lock'))).toBe(true);
  });

  it('is refused to a second server on the same data folder, in both languages', async () => {
    const first = await startElsewhere();
    await expect(start()).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    await expect(start()).rejects.toThrow(new RegExp(`process ${first.child.pid}.*\n.*正在使用`));
    expect(await ask(first.said, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is taken over from a server that was killed, with nothing confirmed lost', async () => {
    const { child, said } = await startElsewhere();
    await ask(said, 'create table confirmed as select 1 as one');
    await kill(child);
    expect(postgresProcessesIn(join(dataDir, 'postgres'))).toContain(said.pid);
    const server = await start();
    expect(server.pid).not.toBe(said.pid);
    expect(await ask(server, 'select one from confirmed')).toEqual([{ one: 1 }]);
  });

  it('goes to one of several servers that start at once after a kill', async () => {
    const { child, said } = await startElsewhere();
    await kill(child);
    const answers = await Promise.all([1, 2, 3].map(() => startElsewhere()));
    expect(answers.map((answer) => answer.said.code ?? 'started').sort()).toEqual([
      'ALREADY_RUNNING',
      'ALREADY_RUNNING',
      'started',
    ]);
    expect(postgresProcessesIn(join(dataDir, 'postgres'))).not.toContain(said.pid);
  });

  it('says that it was killed, and starts again at once', async () => {
    const first = await start();
    await ask(first, 'create table confirmed as select 1 as one');
    process.kill(first.pid, 'SIGKILL');
    await until(() => crashes.length > 0);
    expect(crashes[0]?.message).toMatch(/ended unexpectedly \(signal SIGKILL.*\n数据库意外终止/s);
    const second = await start();
    expect(await ask(second, 'select one from confirmed')).toEqual([{ one: 1 }]);
  });

  it('starts after server and database were killed while a transaction was running', async () => {
    const { child, said } = await startElsewhere();
    await ask(said, 'create table confirmed as select 1 as one');
    const busy = ask(said, 'select pg_sleep(60)').catch((error: unknown) => error);
    await wait(100);
    await kill(child);
    process.kill(said.pid, 'SIGKILL');
    const server = await start();
    expect(await ask(server, 'select one from confirmed')).toEqual([{ one: 1 }]);
    expect(await busy).toBeInstanceOf(Error);
  });

  it('starts over lock files whose process number now belongs to a stranger', async () => {
    await (await start()).stop();
    running.length = 0;
    const stranger = String(process.ppid);
    const lines = [
      stranger,
      join(dataDir, 'postgres'),
      '1',
      '5432',
      join(dataDir, 'socket'),
      '',
      '',
      'ready',
    ];
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${lines.join('\n')}\n`);
    mkdirSync(join(dataDir, 'socket'));
    writeFileSync(join(dataDir, 'socket', '.s.PGSQL.5432.lock'), `${lines.slice(0, 5).join('\n')}\n`);
    writeFileSync(join(dataDir, 'postgres.lock'), JSON.stringify({ pid: process.ppid, start: 'long ago' }));
    expect(await ask(await start(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('starts over what a killed first start left half made', async () => {
    mkdirSync(join(dataDir, 'postgres.new', 'base'), { recursive: true });
    expect(await ask(await start(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('works where the path is too long for a unix socket or has signs of its own', async () => {
    const folder = join(dataDir, `数据, "城市" ${'x'.repeat(90)}`);
    const server = await start(folder);
    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(Buffer.byteLength(server.host)).toBeLessThan(90);
    await server.stop();
    expect(existsSync(server.host)).toBe(false);
  });

  it('refuses the data of another version of PostgreSQL in clear words', async () => {
    await (await start()).stop();
    running.length = 0;
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow(/PostgreSQL version 17.*\n.*版本为 PostgreSQL 17/);
  });

  it('says why it does not start', async () => {
    await (await start()).stop();
    running.length = 0;
    rmSync(join(dataDir, 'postgres', 'global', 'pg_control'));
    await expect(start()).rejects.toThrow(/could not start.*pg_control.*\n数据库无法启动/s);
    expect(existsSync(join(dataDir, 'postgres.lock'))).toBe(false);
  });
});

describe.runIf(isRoot)('the embedded database started by root', () => {
  it('runs as an account without privileges', async () => {
    const server = await start();
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
    expect(status).not.toMatch(/^Uid:\s+0\s/m);
    expect(status).toMatch(/^Groups:\s*$/m);
    expect(status).toMatch(/^CapEff:\s+0+$/m);
  });

  it('runs on data below a folder that this account cannot enter, such as the home of root', async () => {
    const closed = join(dataDir, 'home-of-root');
    mkdirSync(closed, { mode: 0o700 });
    const server = await start(join(closed, 'data'));
    expect(canEnter({ uid: statSync(server.host).uid, gid: 65534 }, closed)).toBe(false);
    await ask(server, 'create table kept as select 1 as one');
    await server.stop();
    expect(await ask(await start(join(closed, 'data')), 'select one from kept')).toEqual([{ one: 1 }]);
  });

  it('keeps to the account that owns the data', async () => {
    await (await start()).stop();
    running.length = 0;
    const cluster = join(dataDir, 'postgres');
    expect(statSync(cluster).uid).not.toBe(0);
    const server = await start();
    expect(readFileSync(`/proc/${server.pid}/status`, 'utf8')).toMatch(
      new RegExp(`^Uid:\\s+${statSync(cluster).uid}\\s`, 'm'),
    );
  });

  it.runIf(canEnter(NOBODY, import.meta.dirname))('starts the same for an ordinary user', async () => {
    chownSync(dataDir, NOBODY.uid, NOBODY.gid);
    const { said, child } = await startElsewhere(NOBODY);
    expect(said.message).toBeUndefined();
    expect(statSync(join(dataDir, 'postgres')).uid).toBe(NOBODY.uid);
    expect(await ask(said, 'select 1 as one')).toEqual([{ one: 1 }]);
    await kill(child);
    const again = await startElsewhere(NOBODY);
    expect(await ask(again.said, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it.runIf(canEnter(NOBODY, import.meta.dirname))(
    'tells an ordinary user that the data belongs to another account',
    async () => {
      mkdirSync(join(dataDir, 'postgres'));
      chownSync(dataDir, NOBODY.uid, NOBODY.gid);
      const { said } = await startElsewhere(NOBODY);
      expect(said.code).toBe('OTHER_OWNER');
      expect(said.message).toMatch(/belongs to another account \(uid 0\).*\n.*另一个账户/);
    },
  );
});
