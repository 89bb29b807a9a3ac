/**
 * Makes fixtures/scans/{nmap,sslscan,testssl} anew: real tools against the lab, in a network of their own.
 * Takes about seven minutes; needs root. Run as `node tests/lab/record-fixtures.ts`.
 */
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LabNetwork, withNamespace } from './namespace.ts';
import { runNmap, runSslscan, runTestssl, type ScanOrder } from './scanners.ts';
import { startPlainServer, startTlsServer } from './server.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/scans/', import.meta.url));
const ADDRESS = '192.0.2.10';
const KILL = { signal: 'SIGKILL', afterMs: 12_000 } as const;

class Recorder {
  readonly #network: LabNetwork;
  readonly #folder: string;

  constructor(network: LabNetwork, folder: string) {
    this.#network = network;
    this.#folder = folder;
  }

  order(file: string): ScanOrder {
    return { folder: this.#folder, file, namespace: this.#network.scanner };
  }

  async nmap(
    file: string,
    ports: string,
    more: Partial<ScanOrder> & { scripts?: string } = {},
  ): Promise<void> {
    await keep('nmap', await runNmap({ ...this.order(file), targets: [ADDRESS], ports, ...more }));
  }

  async sslscan(file: string, port: number, more: Partial<ScanOrder> = {}): Promise<void> {
    await keep('sslscan', await runSslscan({ ...this.order(file), target: `${ADDRESS}:${port}`, ...more }));
  }

  /** sslscan takes a quarter of a second: earlier and earlier, until the plug is pulled in the middle of the file. */
  async killedSslscan(file: string, port: number): Promise<void> {
    const order = { ...this.order(file), target: `${ADDRESS}:${port}` };
    for (let afterMs = 300; afterMs > 0; afterMs -= 20) {
      const path = await runSslscan({ ...order, stop: { signal: 'SIGKILL', afterMs } });
      const text = await readFile(path, 'utf8').catch(() => '');
      if (text !== '' && !text.includes('</document>')) return keep('sslscan', path);
      await rm(path, { force: true });
    }
    throw new Error('sslscan was never caught in the middle of its file');
  }

  async testssl(
    file: string,
    port: number,
    more: Partial<ScanOrder> & { json?: 'flat' } = {},
  ): Promise<void> {
    await keep('testssl', await runTestssl({ ...this.order(file), target: `${ADDRESS}:${port}`, ...more }));
  }
}

async function keep(format: string, path: string): Promise<void> {
  const folder = join(FIXTURES, format);
  await mkdir(folder, { recursive: true });
  await copyFile(path, join(folder, basename(path)));
  await rm(path);
  process.stdout.write(`${format}/${basename(path)}\n`);
}

async function recordWeak(record: Recorder): Promise<void> {
  await record.nmap('before.xml', '80,443,8443');
  await record.nmap('other-port.xml', '80');
  await record.nmap('interrupted.xml', '1-65535', {
    stop: { signal: 'SIGINT', afterMs: 1_500 },
    options: ['--max-rate', '500'],
  });
  await record.nmap('timed-out.xml', '1-65535', {
    options: ['--host-timeout', '3s', '--max-rate', '500'],
    scripts: '',
  });
  await record.sslscan('before.xml', 443);
  await record.killedSslscan('interrupted.xml', 443);
  await record.testssl('before.json', 443);
  await record.testssl('before-flat.json', 443, { json: 'flat' });
  // Without `-p`, or with these options, it believes the local OpenSSL, and calls the weak server sound.
  const narrow = ['--beast', '--poodle', '--tls-fallback'];
  await record.testssl('narrow.json', 443, { options: narrow });
  await record.testssl('narrow-flat.json', 443, { json: 'flat', options: narrow });
  await record.testssl('fast.json', 443, { options: ['--fast', '--protocols', '--std'] });
  const native = ['--ssl-native', '--protocols', '--std', ...narrow];
  await record.testssl('native-flat.json', 443, { json: 'flat', options: native });
  await record.testssl('interrupted.json', 443, { stop: { signal: 'SIGINT', afterMs: 25_000 } });
  await record.testssl('killed-flat.json', 443, { json: 'flat', stop: KILL });
}

async function recordOthers(record: Recorder): Promise<void> {
  await record.sslscan('non-tls.xml', 80);
  await record.sslscan('other-port.xml', 8443);
  await record.testssl('non-tls.json', 80);
  await record.testssl('non-tls-flat.json', 80, { json: 'flat' });
  await record.testssl('other-port.json', 8443, { options: ['--protocols', '--headers'] });
}

async function recordFixed(record: Recorder): Promise<void> {
  await record.nmap('after.xml', '80,443,8443');
  await record.sslscan('after.xml', 443);
  await record.testssl('after.json', 443);
  await record.testssl('after-flat.json', 443, { json: 'flat' });
}

async function recordDown(record: Recorder, network: LabNetwork): Promise<void> {
  await record.nmap('service-stopped.xml', '80,443,8443');
  await network.removeAddress(ADDRESS);
  await record.nmap('down.xml', '80,443,8443');
  await record.sslscan('down.xml', 443, { options: ['--connect-timeout=3'] });
  await record.testssl('down.json', 443, { options: ['--connect-timeout', '3'] });
  await record.testssl('down-flat.json', 443, { json: 'flat', options: ['--connect-timeout', '3'] });
}

async function recordAll(network: LabNetwork, folder: string): Promise<void> {
  const record = new Recorder(network, folder);
  const place = { address: ADDRESS, namespace: network.servers };
  await network.addAddress(ADDRESS);
  const plain = await startPlainServer({ ...place, port: 80 });
  const other = await startTlsServer({ ...place, port: 8443, mode: 'fixed' });
  const weak = await startTlsServer({ ...place, port: 443, mode: 'weak' });
  await recordWeak(record);
  await recordOthers(record);
  await weak.stop();
  const fixed = await startTlsServer({ ...place, port: 443, mode: 'fixed' });
  await recordFixed(record);
  await Promise.all([fixed.stop(), other.stop(), plain.stop()]);
  await recordDown(record, network);
}

const folder = await mkdtemp(join(tmpdir(), 'backcheck-record-'));
try {
  await withNamespace((network) => recordAll(network, folder));
} finally {
  await rm(folder, { recursive: true, force: true });
}
