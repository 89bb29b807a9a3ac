import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canMakeNamespaces, withNamespace } from './namespace.ts';
import { hasCommands, runTool } from './process.ts';
import { runNmap, runSslscan } from './scanners.ts';
import { startPlainServer, startTlsServer } from './server.ts';

const ready = canMakeNamespaces() && hasCommands('nmap', 'sslscan', 'openssl');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backcheck-lab-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!ready)('the lab (skipped without root, ip, nmap, sslscan and openssl)', () => {
  it('has a server that is weak, then fixed, then down for real', async () => {
    await withNamespace(async ({ scanner, servers, addAddress, removeAddress }) => {
      const place = { address: '192.0.2.10', port: 443, namespace: servers };
      const scan = (file: string): Promise<string> =>
        runSslscan({ folder, file, namespace: scanner, target: '192.0.2.10:443' }).then((path) =>
          readFile(path, 'utf8'),
        );
      await addAddress('192.0.2.10');
      const weak = await startTlsServer({ ...place, mode: 'weak' });
      expect(await scan('weak.xml')).toContain('version="1.0" enabled="1"');
      await weak.stop();
      const fixed = await startTlsServer({ ...place, mode: 'fixed' });
      expect(await scan('fixed.xml')).toContain('version="1.0" enabled="0"');
      await fixed.stop();
      await removeAddress('192.0.2.10');
      const order = { folder, namespace: scanner, targets: ['192.0.2.10'], ports: '443', scripts: '' };
      expect(await readFile(await runNmap({ ...order, file: 'down.xml' }), 'utf8')).toContain('state="down"');
    });
  });

  it('repeats no path of the machine in what the tools write', async () => {
    const server = await startPlainServer({ address: '127.0.0.1', port: 28_080 });
    const order = { folder, file: 'plain.xml', targets: ['127.0.0.1'], ports: '28080', scripts: '' };
    const text = await readFile(await runNmap(order), 'utf8').finally(server.stop);
    expect(text).toContain('state="open"');
    expect(text).not.toContain(folder);
  });

  it('takes its network away when the work in it fails', async () => {
    let made = '';
    const failing = withNamespace(({ scanner }) => {
      made = scanner;
      throw new Error('the work failed');
    });
    await expect(failing).rejects.toThrow('the work failed');
    expect((await runTool({ command: 'ip', args: ['netns', 'list'] })).output).not.toContain(made);
  });

  it('says what keeps a server from starting', async () => {
    await expect(startPlainServer({ address: '192.0.2.99', port: 80 })).rejects.toThrow(/EADDRNOTAVAIL/);
  });

  it('ends a tool that takes too long', async () => {
    await expect(runTool({ command: 'sleep', args: ['30'], timeoutMs: 200 })).rejects.toThrow(
      /did not end within 200 ms/,
    );
  });
});
