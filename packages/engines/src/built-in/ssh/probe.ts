import { type Asked, found, idOf, notKnown, type Probe, type Said } from '../answer.ts';
import { NoAnswer, noAnswer } from '../connect.ts';
import { converse } from '../conversation.ts';
import {
  ALGORITHM_LISTS,
  type AlgorithmList,
  isWeak,
  parseIdentification,
  parseSshServer,
  type SshServer,
} from './key-exchange-init.ts';

const MAX_BYTES = 65_536;
/** RFC 4253 section 4.2. Some servers wait for it before they say more. */
const OUR_IDENTIFICATION = 'SSH-2.0-Backcheck\r\n';

/**
 * Algorithms and protocol version of an SSH server, from what it sends before the key exchange. It names all that
 * it offers, so that what is not there is not offered.
 */
export const probeSsh: Probe = async ({ transport, port }, asked, target) => {
  if (transport !== 'tcp') return asked.map((one) => notKnown(one, 'SSH is looked for over TCP only'));
  const byVersion = asked.filter((one) => idOf(one) === 'protocol-1');
  const byList = asked.filter((one) => !byVersion.includes(one));
  return converse(target, { port, maxBytes: MAX_BYTES }, async (conversation) => {
    const first = await conversation.read(parseIdentification);
    if (first.kind === 'closed') throw hungUp();
    if (first.value === undefined) throw noSsh();
    const { text } = first.value;
    const said = byVersion.map((one) => found(one, /^SSH-1\./.test(text), text));
    if (byList.length === 0) return said;
    try {
      conversation.write(OUR_IDENTIFICATION);
      const heard = await conversation.read(parseSshServer);
      if (heard.kind === 'closed') throw hungUp();
      const server = heard.value;
      if (server === undefined) throw noSsh();
      return [...said, ...byList.flatMap((one) => algorithmSaid(server, one))];
    } catch (error) {
      const { message, reason } = noAnswer(error);
      return [...said, ...byList.map((one) => notKnown(one, message, reason))];
    }
  });
};

const noSsh = (): NoAnswer =>
  new NoAnswer('CHECK_NOT_RUN', 'the server answers with something that is no SSH', { answered: true });

/** A server that has too many connections, or does not want us, hangs up. */
const hungUp = (): NoAnswer =>
  new NoAnswer('BLOCKED', 'the server hung up before it named its algorithms', { answered: true });

/** The locus is `list#algorithm`; '' asks for every weak one of the list of the check. */
function algorithmSaid({ algorithms }: SshServer, asked: Asked): Said[] {
  const list = LIST_OF[idOf(asked)];
  if (list === undefined) return [notKnown(asked, 'there is no such check')];
  if (asked.locus === '') {
    const weak = algorithms[list].filter((name) => isWeak(list, name));
    const each = weak.map((name) => found({ check: asked.check, locus: `${list}#${name}` }, true));
    return [...each, { ...asked, verdict: 'listed' }];
  }
  const [place, name = ''] = asked.locus.split('#');
  if (place !== list || name === '') return [notKnown(asked, 'the locus names no algorithm of this list')];
  return [found(asked, algorithms[list].includes(name))];
}

const LIST_OF: Readonly<Record<string, AlgorithmList>> = {
  'key-exchange': ALGORITHM_LISTS[0],
  'host-key': ALGORITHM_LISTS[1],
  encryption: ALGORITHM_LISTS[2],
  mac: ALGORITHM_LISTS[3],
};
