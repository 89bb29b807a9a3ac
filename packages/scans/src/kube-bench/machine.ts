import type { Identifier } from '@backcheck/core';
import { hostIdentifier } from '../host-identifier.ts';
import { textAt } from '../json-value.ts';

/** In the order of preference: nodes of the control plane may advertise one address that they share. */
const OPTIONS = ['node-ip', 'hostname-override', 'advertise-address'];

/** Command lines of Kubernetes' own programs, as `ps` prints them into the answers. */
const NAMED = new RegExp(`--(${OPTIONS.join('|')})[= ]([\\w.:-]{1,253})(?=[\\s,"]|$)`, 'g');

/**
 * Which machine kube-bench ran on. No field says so, but the programs that it asks about are told on their command
 * lines. Two different answers to one option are no answer.
 */
export class Machine {
  readonly #values = new Map<string, Set<string>>();

  note(result: unknown): void {
    for (const [, option = '', value = ''] of (textAt(result, 'actual_value') ?? '').matchAll(NAMED)) {
      const values = this.#values.get(option) ?? new Set();
      if (values.size < 2) this.#values.set(option, values.add(value));
    }
  }

  /** Empty where the file does not say. */
  get identifiers(): Identifier[] {
    const single = OPTIONS.flatMap((option) => {
      const [value = '', second] = this.#values.get(option) ?? [];
      return second === undefined ? (hostIdentifier(value) ?? []) : [];
    });
    return single;
  }
}
