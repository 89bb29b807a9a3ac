import { isIP } from 'node:net';
import type { Identifier } from '@backcheck/core';

/** Options whose next word is their value (nmap(1), "Options summary"). */
const WITH_VALUE = new Set(
  `-iL -iR -p -S -e -g -D -sI -b -oN -oX -oS -oG -oA -oM --exclude --excludefile --dns-servers --exclude-ports
  --top-ports --port-ratio --version-intensity --script --script-args --script-args-file --script-help
  --script-timeout --min-hostgroup --max-hostgroup --min-parallelism --max-parallelism --min-rtt-timeout
  --max-rtt-timeout --initial-rtt-timeout --max-retries --host-timeout --scan-delay --max-scan-delay --min-rate
  --max-rate --mtu --source-port --data --data-string --data-length --ip-options --ttl --spoof-mac --proxies
  --stylesheet --resume --datadir --servicedb --versiondb --scanflags --max-os-tries --nsock-engine --stats-every
  --defeat-icmp-ratelimit -m -T`.split(/\s+/),
);

const NAME = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

/** An IP address or a DNS name; undefined for ranges, networks and everything else. */
export function literalTarget(word: string): Identifier | undefined {
  if (isIP(word) === 4) return { kind: 'ip', value: word };
  // Nmap writes IPv6 addresses in the short form, whatever was typed; an address with a zone stays on its link.
  if (isIP(word) === 6 && !word.includes('%')) {
    return { kind: 'ip', value: new URL(`http://[${word}]/`).hostname.slice(1, -1) };
  }
  if (NAME.test(word) || word.toLowerCase() === 'localhost')
    return { kind: 'fqdn', value: word.toLowerCase() };
  return undefined;
}

/** Characters; beyond that a system refuses the command itself. */
const LONGEST_LINE = 2 * 1024 * 1024;

/**
 * The single targets named in the command line. A run that finds no answer writes nothing at all about them
 * (hostdown.xml of the corpus), so that the command line is the only trace that they were tried.
 */
export function literalTargets(args: string): Identifier[] {
  const targets: Identifier[] = [];
  let value = true;
  for (const word of args.slice(0, LONGEST_LINE).split(/\s+/)) {
    const target = value || word.startsWith('-') ? undefined : literalTarget(word);
    if (target !== undefined) targets.push(target);
    value = WITH_VALUE.has(word);
  }
  return targets;
}

/** The name that scripts were told to ask for, over whatever the target was called. */
export interface NamesAsked {
  readonly tls: string | undefined;
  readonly http: string | undefined;
}

export function namesAsked(args: string): NamesAsked {
  const name = (argument: string): string | undefined =>
    new RegExp(`\\b${argument}=["']?([\\w.-]{1,253})`).exec(args.slice(0, LONGEST_LINE))?.[1]?.toLowerCase();
  return { tls: name('tls\\.servername'), http: name('http\\.host') };
}
