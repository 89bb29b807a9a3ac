import {
  CREDENTIALS,
  type Credential,
  EVIDENCE,
  type Evidence,
  METHODS,
  type Method,
  REASONS,
  type Reason,
  SEVERITIES,
  type Severity,
  TRANSPORTS,
  type Transport,
} from '@backcheck/core';

/** The small closed lists as the database stores them: the index in the list. */
export interface Coded<T extends string> {
  encode(value: T): number;
  /** @throws on a number that this version does not know: the database is newer. */
  decode(code: number): T;
}

function coded<T extends string>(list: readonly T[]): Coded<T> {
  return {
    encode: (value) => list.indexOf(value),
    decode: (code) => {
      const value = list[code];
      if (value === undefined) throw new Error(`unknown code ${code} (known: ${list.join(', ')})`);
      return value;
    },
  };
}

export const transportCode: Coded<Transport> = coded(TRANSPORTS);
export const methodCode: Coded<Method> = coded(METHODS);
export const credentialCode: Coded<Credential> = coded(CREDENTIALS);
export const evidenceCode: Coded<Evidence> = coded(EVIDENCE);
export const severityCode: Coded<Severity> = coded(SEVERITIES);
export const reasonCode: Coded<Reason> = coded(REASONS);

const PORTS = /[[(](\d+),(\d+)[\])]/g;

/** "{[1,1025),[8443,8444)}" -> [[1,1024],[8443,8443]] */
export function portsOfMultirange(text: string): [number, number][] {
  return [...text.matchAll(PORTS)].map((match) => [Number(match[1]), Number(match[2]) - 1]);
}

export function multirangeOfPorts(ports: readonly (readonly [number, number])[]): string {
  return `{${ports.map(([from, to]) => `[${from},${to + 1})`).join(',')}}`;
}
