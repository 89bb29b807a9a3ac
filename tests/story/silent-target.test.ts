import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { RunReport } from '@backcheck/engines';
import { describe, expect, it } from 'vitest';
import { boundsOf } from '../../packages/engines/src/guard/authorization.fixture.ts';
import { canMakeNamespaces, type LabNetwork, withNamespace } from '../lab/namespace.ts';
import { runSoundly } from '../lab/process.ts';
import { startPlainServer } from '../lab/server.ts';

/** What a runner does in the scanner's network: an engine that waits for one line before it hands in its file. */
const RUNNER = `
  import { createInterface } from 'node:readline';
  import { once } from 'node:events';
  import { runOrder } from '@backcheck/engines';
  const { order, context } = JSON.parse(process.argv[1]);
  const engine = {
    name: 'backcheck',
    run: async () => {
      console.log('running');
      await once(createInterface({ input: process.stdin }), 'line');
      const at = context.now;
      return { kind: 'file', bytes: new Uint8Array(), fileName: 'x', startedAt: at, finishedAt: at };
    },
  };
  const signal = AbortSignal.timeout(60_000);
  const clock = () => new Date(context.now);
  const report = await runOrder(engine, order, { ...context, signal, clock });
  console.log(JSON.stringify(report));
  process.exit(0);
`;

interface Started {
  readonly child: ChildProcess;
  line(): Promise<string>;
}

function startRunner({ scanner }: LabNetwork, address: string): Started {
  const { authorization, clock } = boundsOf({ ranges: ['192.0.2.0/24'] });
  const questions = [{ transport: 'tcp', port: 443 }];
  const order = { engine: 'backcheck', method: 'tls', host: address, rate: 1000, questions };
  const given = JSON.stringify({
    order,
    context: { authorization, ownAddresses: [], folder: '.', now: clock() },
  });
  const node = [process.execPath, '--input-type=module', '-e', RUNNER, given];
  const child = spawn('ip', ['netns', 'exec', scanner, ...node], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => String((await lines.next()).value) };
}

/** `between` happens while the engine runs. */
async function run(
  network: LabNetwork,
  address: string,
  between?: () => Promise<unknown>,
): Promise<RunReport> {
  const { child, line } = startRunner(network, address);
  let text = await line();
  if (text === 'running') {
    await between?.();
    child.stdin?.write('go on\n');
    text = await line();
  }
  return JSON.parse(text);
}

const inServers = ({ servers }: LabNetwork, ...args: readonly string[]) =>
  runSoundly({ command: 'ip', args: ['-n', servers, ...args] });

/** Answers of port 443 are lost on their way to the scanner, as behind a filter. */
const filter = (network: LabNetwork, change: 'add' | 'del') =>
  inServers(network, 'rule', change, 'ipproto', 'tcp', 'sport', '443', 'to', '192.0.2.1', 'blackhole');

describe.skipIf(!canMakeNamespaces())('a target that does not answer (skipped without root and ip)', () => {
  it('is blocked when something stands before it, and no host when nothing is there', async () => {
    await withNamespace(async (network) => {
      const [address, namespace] = ['192.0.2.10', network.servers];
      await network.addAddress(address);
      const server = await startPlainServer({ address, port: 443, namespace });
      expect((await run(network, address)).result.kind).toBe('file');

      const muted = await run(network, address, () => filter(network, 'add'));
      expect(muted.result).toMatchObject({ kind: 'no-answer', why: 'BLOCKED' });
      expect(muted.canary).toEqual({
        before: [{ port: 443, echo: 'open' }],
        after: [{ port: 443, echo: 'silent' }],
      });

      const blocked = await run(network, address);
      expect(blocked.result).toMatchObject({
        why: 'BLOCKED',
        detail: expect.stringContaining('port 80 is closed'),
      });
      await filter(network, 'del');

      await inServers(network, 'route', 'add', 'blackhole', '192.0.2.1');
      const dropped = await run(network, address);
      expect(dropped.result).toMatchObject({ why: 'BLOCKED', detail: expect.stringContaining('ARP') });
      await inServers(network, 'route', 'del', 'blackhole', '192.0.2.1');

      expect((await run(network, '192.0.2.77')).result).toMatchObject({ kind: 'no-answer', why: 'NO_HOST' });
      await server.stop();
      // the host answers that nobody listens there: that may be the fix
      expect((await run(network, address)).result.kind).toBe('file');
    });
  });
});
