import type { Severity } from '@backcheck/core';
import { type Element, listOf, tableAt } from './element.ts';
import { SAYS_NOTHING, type ScriptSays, type ScriptVerdict } from './script-says.ts';

interface Kind {
  readonly table: string;
  readonly label: string;
  readonly weak: readonly (readonly [RegExp, Severity])[];
}

/** RFC 9142 section 3 for key exchange; RFC 8758 (RC4), RFC 6151 (MD5), CVE-2008-5161 (CBC in SSH). */
const KINDS: readonly Kind[] = [
  {
    table: 'kex_algorithms',
    label: 'key exchange',
    weak: [
      [/^diffie-hellman-group1-sha1/, 'medium'],
      [/^(?:diffie-hellman-group-exchange-sha1|rsa1024-sha1|gss-group1-sha1-|gss-gex-sha1-)/, 'medium'],
    ],
  },
  { table: 'server_host_key_algorithms', label: 'host key', weak: [[/^ssh-dss(?:$|-)/, 'medium']] },
  {
    table: 'encryption_algorithms',
    label: 'encryption',
    weak: [
      [/^none$/, 'high'],
      [/^arcfour/, 'medium'],
      [/-cbc(?:$|@)/, 'low'],
    ],
  },
  {
    table: 'mac_algorithms',
    label: 'MAC',
    weak: [
      [/^none$/, 'high'],
      [/^hmac-md5/, 'low'],
      [/^hmac-sha1-96/, 'low'],
    ],
  },
];

/** The table repeats the lists of the server's KEXINIT message: an algorithm that is not there is not offered. */
export function readSsh2EnumAlgos(script: Element): ScriptSays {
  const read = KINDS.map((kind) => ({ kind, offered: offeredOf(script, kind.table) }));
  const printed = read.filter(({ offered }) => offered !== undefined);
  if (printed.length === 0) return SAYS_NOTHING;
  return {
    verdicts: printed.flatMap(({ kind, offered }) => (offered ?? []).flatMap((name) => weakness(kind, name))),
    answered: printed.map(({ kind }) => kind.table),
  };
}

/** Where the two directions differ, the script prints two lists, and only both together are the answer. */
function offeredOf(script: Element, table: string): string[] | undefined {
  const same = tableAt(script, table);
  if (same !== undefined) return listOf(same);
  const up = tableAt(script, `${table}_client_to_server`);
  const down = tableAt(script, `${table}_server_to_client`);
  return up === undefined || down === undefined ? undefined : [...new Set([...listOf(up), ...listOf(down)])];
}

function weakness(kind: Kind, name: string): ScriptVerdict[] {
  const severity = kind.weak.find(([pattern]) => pattern.test(name))?.[1];
  if (severity === undefined) return [];
  const title = `SSH offers the weak ${kind.label} algorithm ${name}`;
  return [{ place: `${kind.table}#${name}`, verdict: 'present', title, severity, cwe: ['CWE-327'] }];
}
