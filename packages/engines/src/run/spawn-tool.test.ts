import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnTool, type ToolCall } from './spawn-tool.ts';

let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'backcheck-tool-test-'));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const shell = (script: string, change: Partial<ToolCall> = {}) =>
  spawnTool({
    command: 'sh',
    args: ['-c', script],
    cwd,
    signal: new AbortController().signal,
    timeoutMs: 20_000,
    ...change,
  });

/** Resolves once nothing with this process id runs any more; a zombie does not run. */
async function gone(pid: string): Promise<void> {
  for (let count = 0; count < 200; count += 1) {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
    if (/\) [ZX]/.test(status)) return;
    await sleep(20);
  }
  throw new Error(`${pid} still runs`);
}

describe('a tool', () => {
  it('runs in its folder, and says how it ended', async () => {
    const end = await shell('echo out; echo err >&2; pwd; exit 3');
    expect(end).toMatchObject({ code: 3, signal: null, timedOut: false });
    expect(end.output).toContain('out\n');
    expect(end.output).toContain('err\n');
    expect(end.output).toContain(cwd);
    expect(end.startedAt.getTime()).toBeLessThanOrEqual(end.finishedAt.getTime());
  });

  it('learns nothing of our environment but PATH', async () => {
    process.env['BACKCHECK_TEST_SECRET'] = 'secret';
    const { output } = await shell('env', { env: { EXTRA: 'yes', TZ: 'Asia/Shanghai' } });
    delete process.env['BACKCHECK_TEST_SECRET'];
    expect(output).not.toContain('secret');
    expect(output).toContain('EXTRA=yes');
    expect(output).toContain('TZ=Asia/Shanghai');
    expect(output).toContain(`HOME=${cwd}`);
  });

  it('that is not there ends without a code of its own, and says so', async () => {
    const end = await shell('', { command: 'no-such-tool', args: [] });
    expect(end.code === null || end.code === 127).toBe(true);
    expect(end.output).toContain('no-such-tool');
  });

  it('is not started once the run is stopped', async () => {
    const end = await shell('echo started', { signal: AbortSignal.abort() });
    expect(end).toMatchObject({ code: null, signal: null });
    expect(end.output).not.toContain('started\n');
  });

  it('dies with all that it started when the run is stopped', async () => {
    const stop = new AbortController();
    const running = shell('sleep 300 & echo $! > child; wait', { signal: stop.signal });
    let child = '';
    while (child === '') {
      await sleep(10);
      child = (await readFile(join(cwd, 'child'), 'utf8').catch(() => '')).trim();
    }
    stop.abort();
    expect(await running).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: false });
    await gone(child);
  });

  it('dies with what left its process group, as timeout(1) does in testssl.sh', async () => {
    const stop = new AbortController();
    const script = "timeout 300 sh -c 'echo $$ > timed; sleep 300'; true";
    const running = shell(script, { signal: stop.signal });
    let child = '';
    while (child === '') {
      await sleep(10);
      child = (await readFile(join(cwd, 'timed'), 'utf8').catch(() => '')).trim();
    }
    stop.abort();
    await running;
    await gone(child);
  });

  it('dies when its time is up', async () => {
    expect(await shell('sleep 300', { timeoutMs: 50 })).toMatchObject({ signal: 'SIGKILL', timedOut: true });
  });

  it('leaves nothing behind when it ends', async () => {
    const { output } = await shell('sleep 300 & echo $!');
    await gone(output.trim());
  });

  it('is not waited for by what left its group and holds its output', async () => {
    const { code, output } = await shell('setsid sleep 5 & echo done');
    expect(code).toBe(0);
    expect(output).toContain('done');
  });

  it('that writes without end is kept in bounds, and its last words count', async () => {
    const { output } = await shell('head -c 3000000 /dev/zero | tr "\\0" x; echo the end');
    expect(output.length).toBe(256 * 1024);
    expect(output.endsWith('the end\n')).toBe(true);
  });
});
