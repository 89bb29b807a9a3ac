import type { Identifier } from '@backcheck/core';
import { childrenOf, elemAt } from './element.ts';
import type { OpenPort } from './port-states.ts';

/** As ssh-hostkey.nse writes them: the MD5 of the key, and the algorithm's name in RFC 4250 form. */
const FINGERPRINT = /^[0-9a-f]{32}$/;
const TYPE = /^[a-z][\w@.-]{0,63}$/;

/**
 * The host keys that the script ssh-hostkey printed. Of port 22 only: another SSH service of the same machine has
 * keys of its own, and which of the two a scan met would depend on its port range.
 */
export function hostKeys(open: readonly OpenPort[]): Identifier[] {
  const ssh = open.filter(({ transport, port }) => transport === 'tcp' && port === 22);
  const scripts = ssh.flatMap(({ element }) => childrenOf(element, 'script'));
  const tables = scripts
    .filter((script) => script.attributes['id'] === 'ssh-hostkey')
    .flatMap((script) => childrenOf(script, 'table'));
  return tables.flatMap((table): Identifier[] => {
    const [type = '', fingerprint = ''] = [elemAt(table, 'type'), elemAt(table, 'fingerprint')];
    const whole = TYPE.test(type) && FINGERPRINT.test(fingerprint);
    return whole ? [{ kind: 'hostkey', value: `${type}:${fingerprint}` }] : [];
  });
}
