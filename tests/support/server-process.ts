import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CSRF_HEADER } from '@backcheck/contract';
import { afterAll } from 'vitest';

const MAIN = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));
const CLI = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** A real server process, with its first account signed in. */
export interface ServerProcess {
  readonly child: ChildProcess;
  /** Such as http://127.0.0.1:40123 */
  readonly origin: string;
  get(path: string): Promise<unknown>;
  /** JSON or a form; throws for a refusal. */
  post(path: string, body: object | FormData): Promise<unknown>;
  /** As if the power failed. */
  kill(): Promise<void>;
}

/** `environment`: its settings (docs/configuration.md), besides any free port and few words. */
export async function startServerProcess(
  environment: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const env = { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'warn', ...environment };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const link = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const found = /http\S+token=\S+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const { origin } = new URL(link);
  const signedIn = await fetch(link, { redirect: 'manual' });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const send = async (path: string, init: RequestInit = {}) => {
    const headers = { cookie, [CSRF_HEADER]: '1', ...init.headers };
    const answer = await fetch(`${origin}/api/v1${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    child,
    origin,
    get: (path) => send(path),
    post: (path, body) =>
      body instanceof FormData
        ? send(path, { method: 'POST', body })
        : send(path, {
            method: 'POST',
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          }),
    kill: () => kill(child),
  };
}

/** A real `backcheck runner`; what it says goes to `heard`. */
export interface RunnerProcess {
  readonly child: ChildProcess;
  readonly heard: () => string;
  kill(): Promise<void>;
}

export function startRunnerProcess(options: {
  readonly server: string;
  readonly key: string;
  readonly data: string;
  readonly tasks: number;
}): RunnerProcess {
  const { server, key, data, tasks } = options;
  const args = ['runner', '--server', server, '--data', data, '--tasks', String(tasks)];
  const env = { PATH: process.env['PATH'], LANG: 'en', BACKCHECK_RUNNER_KEY: key };
  const child = spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  return { child, heard: () => text, kill: () => kill(child) };
}

async function kill(child: ChildProcess): Promise<void> {
  child.removeAllListeners('exit');
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
