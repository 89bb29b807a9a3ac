import type { Parsed } from '../conversation.ts';

/** What a server says of itself before anything is encrypted. */
export interface SshServer {
  /** "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3" */
  readonly identification: string;
  /** Lists of its SSH_MSG_KEXINIT by the names that `ssh2-enum-algos` of nmap gives them. */
  readonly algorithms: Readonly<Record<AlgorithmList, readonly string[]>>;
}

export const ALGORITHM_LISTS = [
  'kex_algorithms',
  'server_host_key_algorithms',
  'encryption_algorithms',
  'mac_algorithms',
] as const;
export type AlgorithmList = (typeof ALGORITHM_LISTS)[number];

/** `undefined` for bytes that are no SSH. */
type Read<T> = Parsed<T | undefined>;

/** RFC 4253 section 4.2: 255 with its line end; other lines may stand before it. */
const LONGEST_LINE = 255;
const MOST_LINES_BEFORE = 20;
/** RFC 4253 section 6.1. */
const LONGEST_PACKET = 35_000;
const KEXINIT = 20;

/** The identification string, and where the packets begin. */
export function parseIdentification(bytes: Buffer): Read<{ readonly text: string; readonly end: number }> {
  let at = 0;
  for (let line = 0; line <= MOST_LINES_BEFORE; line += 1) {
    const end = bytes.indexOf(10, at);
    if (end - at > LONGEST_LINE || (end < 0 && bytes.length - at > LONGEST_LINE)) return { value: undefined };
    if (end < 0) return { need: bytes.length + 1 };
    const text = bytes.toString('latin1', at, end).replace(/\r$/, '');
    if (text.startsWith('SSH-'))
      return { value: /^SSH-\d+\.\d+-[ -~]*$/.test(text) ? { text, end: end + 1 } : undefined };
    at = end + 1;
  }
  return { value: undefined };
}

/** Identification and SSH_MSG_KEXINIT: RFC 4253 sections 6 and 7.1. */
export function parseSshServer(bytes: Buffer): Read<SshServer> {
  const parsed = parseIdentification(bytes);
  if ('need' in parsed) return parsed;
  if (parsed.value === undefined) return { value: undefined };
  const { text: identification, end } = parsed.value;
  if (bytes.length < end + 6) return { need: end + 6 };
  const [length, padding] = [bytes.readUInt32BE(end), bytes.readUInt8(end + 4)];
  if (length > LONGEST_PACKET || padding < 4 || length < padding + 2 || bytes.readUInt8(end + 5) !== KEXINIT)
    return { value: undefined };
  if (bytes.length < end + 4 + length) return { need: end + 4 + length };
  const lists = readLists(bytes.subarray(end + 6 + 16, end + 4 + length - padding));
  if (lists === undefined) return { value: undefined };
  const [kex, hostKey, encryptionUp, encryptionDown, macUp, macDown] = lists;
  return {
    value: {
      identification,
      algorithms: {
        kex_algorithms: kex,
        server_host_key_algorithms: hostKey,
        encryption_algorithms: union(encryptionUp, encryptionDown),
        mac_algorithms: union(macUp, macDown),
      },
    },
  };
}

type Names = readonly string[];
const union = (a: Names, b: Names): Names => [...new Set([...a, ...b])];

/** The first six of ten name-lists (RFC 4251 section 5); all ten must be there. */
function readLists(payload: Buffer): readonly [Names, Names, Names, Names, Names, Names] | undefined {
  const lists: Names[] = [];
  for (let at = 0; lists.length < 10; ) {
    if (payload.length < at + 4) return undefined;
    const length = payload.readUInt32BE(at);
    if (payload.length < at + 4 + length) return undefined;
    const text = payload.toString('latin1', at + 4, at + 4 + length);
    if (!/^[!-~]*$/.test(text)) return undefined;
    lists.push(text === '' ? [] : text.split(','));
    at += 4 + length;
  }
  const [kex, hostKey, encryptionUp, encryptionDown, macUp, macDown] = lists;
  // Without these no key exchange is possible, so that this is no list of what is offered (RFC 4253 section 7.1).
  const required = [kex, hostKey, encryptionUp, encryptionDown];
  if (required.some((list) => list === undefined || list.length === 0)) return undefined;
  return [kex ?? [], hostKey ?? [], encryptionUp ?? [], encryptionDown ?? [], macUp ?? [], macDown ?? []];
}

/** RFC 9142 section 3 for key exchange; RFC 8758 (RC4), RFC 6151 (MD5), CVE-2008-5161 (CBC). */
const WEAK: Readonly<Record<AlgorithmList, RegExp>> = {
  kex_algorithms:
    /^(?:diffie-hellman-group1-sha1|diffie-hellman-group-exchange-sha1|rsa1024-sha1|gss-group1-sha1-|gss-gex-sha1-)/,
  server_host_key_algorithms: /^ssh-dss(?:$|-)/,
  encryption_algorithms: /^none$|^arcfour|-cbc(?:$|@)/,
  mac_algorithms: /^none$|^hmac-md5|^hmac-sha1-96/,
};

export const isWeak = (list: AlgorithmList, algorithm: string): boolean => WEAK[list].test(algorithm);
