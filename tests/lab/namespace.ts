import { hasCommands, runSoundly, runTool } from './process.ts';

/**
 * Two network namespaces joined by one cable. The addresses are those for documentation (RFC 5737; RFC 7042
 * section 2.1.1 for the hardware): they exist inside of the namespaces only, and no packet can leave them.
 * They are the same in every network, so that scans of two of them speak of one asset.
 */
export interface LabNetwork {
  /** Where the scanners run; its address is 192.0.2.1. */
  readonly scanner: string;
  /** Where the servers run. */
  readonly servers: string;
  /** Gives the servers' side an address in 192.0.2.0/24. */
  addAddress(address: string): Promise<void>;
  /**
   * From then on nobody answers there: the server is down for real. The scanners' side forgets who had the address,
   * and so learns within three seconds (as many ARP requests) that it is unreachable, not after up to two minutes.
   */
  removeAddress(address: string): Promise<void>;
}

export function canMakeNamespaces(): boolean {
  return process.getuid?.() === 0 && hasCommands('ip');
}

let made = 0;

/** Makes the network, runs `work` in it and takes it away again, whatever happened. */
export async function withNamespace<T>(work: (network: LabNetwork) => Promise<T>): Promise<T> {
  made += 1;
  const name = `${process.pid.toString(36)}${made}`;
  const scanner = `backcheck-scanner-${name}`;
  const servers = `backcheck-servers-${name}`;
  try {
    await connect({ scanner, servers, cable: [`bc${name}a`, `bc${name}b`] });
    return await work({
      scanner,
      servers,
      addAddress: (address) => changeAddress('add', servers, `bc${name}b`, address),
      removeAddress: async (address) => {
        await changeAddress('del', servers, `bc${name}b`, address);
        await runSoundly(ip('-n', scanner, 'neigh', 'flush', 'dev', `bc${name}a`));
      },
    });
  } finally {
    // The cable goes with the namespaces.
    for (const namespace of [scanner, servers]) await runTool(ip('netns', 'del', namespace));
  }
}

function ip(...args: readonly string[]): { command: string; args: readonly string[] } {
  return { command: 'ip', args };
}

interface Wiring {
  readonly scanner: string;
  readonly servers: string;
  readonly cable: readonly [scannerEnd: string, serversEnd: string];
}

async function connect({ scanner, servers, cable: [near, far] }: Wiring): Promise<void> {
  for (const namespace of [scanner, servers]) {
    await runSoundly(ip('netns', 'add', namespace));
    await runSoundly(ip('-n', namespace, 'link', 'set', 'lo', 'up'));
  }
  await runSoundly(
    ip('-n', scanner, 'link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', servers),
  );
  await runSoundly(ip('-n', scanner, 'link', 'set', near, 'address', '00:00:5e:00:53:01'));
  await runSoundly(ip('-n', servers, 'link', 'set', far, 'address', '00:00:5e:00:53:0a'));
  await runSoundly(ip('-n', scanner, 'addr', 'add', '192.0.2.1/24', 'dev', near));
  await runSoundly(ip('-n', scanner, 'link', 'set', near, 'up'));
  await runSoundly(ip('-n', servers, 'link', 'set', far, 'up'));
}

async function changeAddress(
  change: 'add' | 'del',
  namespace: string,
  device: string,
  address: string,
): Promise<void> {
  await runSoundly(ip('-n', namespace, 'addr', change, `${address}/24`, 'dev', device));
}
