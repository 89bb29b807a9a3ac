import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import { codeOf } from '../../guard/error-code.ts';
import {
  type Asked,
  found,
  idOf,
  notKnown,
  type Place,
  type Probe,
  type Said,
  type Target,
} from '../answer.ts';
import { NoAnswer, noAnswer } from '../connect.ts';
import { type Conversation, converse } from '../conversation.ts';
import { dmarcRecord, isWeakDmarc, isWeakSpf, spfRecords } from './mail-policy.ts';
import {
  type DnsAnswer,
  type DnsType,
  dnsQuery,
  framed,
  NOERROR,
  parseFramed,
  REFUSALS,
  readDnsAnswer,
} from './message.ts';

const MAX_BYTES = 70_000;
/** Reserved (RFC 2606 section 3) and with addresses: no server that we look at is the one for it. */
const ELSEWHERE = 'example.com';

/**
 * A name server's openness, asked of the target itself, and a domain's records against forged mail, asked of the
 * resolver of this machine.
 */
export const probeDns: Probe = async (place, asked, target) => {
  const said: Said[] = [];
  for (const one of asked) {
    try {
      said.push(await answerTo(place, one, target));
    } catch (error) {
      const { message, reason } = noAnswer(error);
      said.push(notKnown(one, message, reason));
    }
  }
  return said;
};

function answerTo(place: Place, asked: Asked, target: Target): Promise<Said> {
  switch (idOf(asked)) {
    case 'spf':
    case 'weak-spf':
    case 'dmarc':
    case 'weak-dmarc':
      return mailSaid(asked, target);
    case 'zone-transfer':
      return transferSaid(place, asked, target);
    case 'open-recursion':
      return recursionSaid(place, asked, target);
    default:
      return Promise.resolve(notKnown(asked, 'there is no such check'));
  }
}

/** Whether the server looks up a foreign name for us. Only a refusal, or that it says it cannot, is an absence. */
async function recursionSaid(place: Place, asked: Asked, target: Target): Promise<Said> {
  const { rcode, recursionAvailable, packet } = await ask(place, target, {
    name: ELSEWHERE,
    type: 'A',
    recursive: true,
  });
  const answers = packet.answers?.length ?? 0;
  if (recursionAvailable && rcode === NOERROR && answers > 0)
    return found(asked, true, `it resolves ${ELSEWHERE}`);
  if (REFUSALS.includes(rcode)) return found(asked, false, 'it refuses');
  if (!recursionAvailable && rcode === NOERROR && answers === 0) return found(asked, false, 'it only refers');
  return notKnown(asked, `the answer (RCODE ${rcode}) tells neither`);
}

/** RFC 5936: whether the zone in the locus (or of the target's name) is handed out. */
async function transferSaid(place: Place, asked: Asked, target: Target): Promise<Said> {
  if (place.transport !== 'tcp') return notKnown(asked, 'zones are transferred over TCP only');
  const zone = asked.locus === '' ? target.host : asked.locus;
  if (!isDomain(zone)) return notKnown(asked, 'the locus names no zone');
  const { rcode, packet } = await ask(place, target, { name: zone, type: 'AXFR', recursive: false });
  // RFC 5936 section 2.2: a transfer begins with the SOA.
  if (rcode === NOERROR && packet.answers?.[0]?.type === 'SOA')
    return found(asked, true, `${packet.answers.length} records at once`);
  if (REFUSALS.includes(rcode)) return found(asked, false, 'it refuses');
  return notKnown(asked, `the answer (RCODE ${rcode}) tells neither`);
}

interface DnsQuestion {
  readonly name: string;
  readonly type: DnsType;
  readonly recursive: boolean;
}

async function ask({ transport, port }: Place, target: Target, order: DnsQuestion): Promise<DnsAnswer> {
  const question = { id: randomInt(0x1_0000), ...order };
  if (transport === 'udp') {
    const { signal, patience } = target;
    const answer = await target.exchange(port, dnsQuery(question), {
      signal,
      timeoutMs: patience.conversationMs,
    });
    return readDnsAnswer(answer, question);
  }
  if (transport !== 'tcp')
    throw new NoAnswer('CHECK_NOT_RUN', 'DNS is asked over TCP or UDP', { answered: false });
  return converse(target, { port, maxBytes: MAX_BYTES }, async (conversation: Conversation) => {
    conversation.write(framed(dnsQuery(question)));
    const heard = await conversation.read(parseFramed);
    if (heard.kind === 'closed')
      throw new NoAnswer('BLOCKED', 'the server hung up without an answer', { answered: true });
    return readDnsAnswer(heard.value, question);
  });
}

const isDomain = (name: string): boolean =>
  isIP(name) === 0 && name.length <= 253 && /^(?:[\w-]{1,63}\.)*[\w-]{1,63}$/.test(name);

async function mailSaid(asked: Asked, target: Target): Promise<Said> {
  if (!isDomain(target.host)) return notKnown(asked, 'only a domain has such records');
  const id = idOf(asked);
  const own = await textsOf(target, target.host);
  if (own === 'no-name') return notKnown(asked, 'the domain does not exist', 'NO_HOST');
  if (id === 'spf' || id === 'weak-spf') {
    const records = spfRecords(own);
    const weak = id === 'spf' ? records.length === 0 : isWeakSpf(records);
    return found(asked, weak, records.join(' | ').slice(0, 500));
  }
  const { record, inherited } = await dmarcOf(target);
  const weak = id === 'dmarc' ? record === null : isWeakDmarc(record, inherited);
  return found(asked, weak, (record ?? '').slice(0, 500));
}

/** The policy of the name, else of the nearest name above that has one. */
async function dmarcOf(target: Target): Promise<{ record: string | null; inherited: boolean }> {
  const labels = target.host.split('.');
  for (let from = 0; from < Math.min(labels.length, 8); from += 1) {
    const texts = await textsOf(target, ['_dmarc', ...labels.slice(from)].join('.'));
    const record = texts === 'no-name' ? null : dmarcRecord(texts);
    if (record !== null) return { record, inherited: from > 0 };
  }
  return { record: null, inherited: false };
}

/** Each record as one text (RFC 7208 section 3.3). That the resolver does not answer is thrown. */
async function textsOf({ resolveTxt }: Target, name: string): Promise<readonly string[] | 'no-name'> {
  try {
    return (await resolveTxt(name)).map((pieces) => pieces.join(''));
  } catch (cause) {
    if (codeOf(cause) === 'ENODATA') return [];
    if (codeOf(cause) === 'ENOTFOUND') return 'no-name';
    throw new NoAnswer('TIMEOUT', `the resolver has no answer for ${name} (${codeOf(cause)})`, {
      answered: false,
      cause,
    });
  }
}
