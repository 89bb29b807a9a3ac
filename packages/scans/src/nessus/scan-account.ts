import type { Credential, PortSet, Reason, Transport } from '@backcheck/core';
import { portSet } from '@backcheck/core';
import {
  ABOUT_THE_SCAN,
  LAUNCHED_PLUGINS,
  LOGIN_TROUBLE,
  PING,
  parseLaunchedPlugins,
  parseScanInformation,
  SCAN_INFORMATION,
  type ScanInformation,
} from './scan-information.ts';

/** Plugins that report also on an address behind which nobody is: the way there, and its names. */
const WITHOUT_ANSWER: ReadonlySet<string> = new Set([...ABOUT_THE_SCAN, '10287', '12053', '46180']);

/** What the items of one visit say of the visit itself, in either format. */
export class ScanAccount {
  information: ScanInformation | null = null;
  /** Plugins that really ran, as ranges. */
  launched: string | null = null;
  /** An item could not be read, so that the silence about it is none. */
  damaged = false;
  #dead = false;
  /** Something came back from the asset itself. */
  #answered = false;
  #loginTrouble = false;
  readonly #ports = { tcp: new Set<number>(), udp: new Set<number>() };

  item({ plugin, transport, port }: { plugin: string; transport: Transport; port: number }): void {
    this.#answered ||= port > 0 || !WITHOUT_ANSWER.has(plugin);
    if (transport === 'tcp' || transport === 'udp') this.#ports[transport].add(port);
    this.#loginTrouble ||= LOGIN_TROUBLE.has(plugin);
  }

  output(plugin: string, text: string): void {
    if (plugin === LAUNCHED_PLUGINS) this.launched = parseLaunchedPlugins(text);
    else if (plugin === SCAN_INFORMATION) {
      // What one scan launched says nothing of the ports of another.
      this.damaged ||= this.information !== null;
      this.information = parseScanInformation(text);
      this.#answered ||= this.login !== 'none';
    } else if (plugin === PING) {
      this.#dead ||= saysDead(text);
      this.#answered ||= saysUp(text);
    }
  }

  get login(): Credential {
    return this.information?.login ?? 'none';
  }

  /** The silence of local checks counts. */
  get inside(): boolean {
    return this.login !== 'none' && !this.#loginTrouble;
  }

  /**
   * `pinged`: the scan asked every address first and reports on those that are alive. Without that it takes every
   * address for alive, and only what answered counts.
   */
  reached(pinged: boolean): boolean {
    return (this.#answered || pinged) && !this.#dead;
  }

  /** Ports where some plugin reported something. */
  get ports(): { readonly tcp: PortSet; readonly udp: PortSet } {
    return { tcp: portSet(this.#ports.tcp), udp: portSet(this.#ports.udp) };
  }

  /** Why this visit cannot answer by silence (COVERAGE.md section 1, row "Nessus v2"). `ended`: it came to its end. */
  gap(ended: boolean, pinged: boolean): Reason | null {
    if (this.#dead) return 'NO_HOST';
    if (!ended || this.information === null || this.damaged) return 'INCOMPLETE';
    if (!this.reached(pinged)) return 'NO_HOST';
    return this.information.timed ? null : 'TIMEOUT';
  }
}

/** Plugin 10180 with "log live hosts" on. */
function saysUp(pingOutput: string): boolean {
  return /host is up\b/i.test(pingOutput);
}

/** Plugin 10180 with "log dead hosts" on. */
function saysDead(pingOutput: string): boolean {
  const dead = /considered as dead|did not respond to|is dead\b|not scanning/i.test(pingOutput);
  return dead && !saysUp(pingOutput);
}
