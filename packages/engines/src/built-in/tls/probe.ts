import { type Asked, found, idOf, notKnown, type Probe, type Said } from '../answer.ts';
import { type NoAnswer, noAnswer } from '../connect.ts';
import { certificateSaid, isCertificateCheck } from './certificate.ts';
import type { VersionName } from './client-hello.ts';
import { TlsServer } from './handshake.ts';
import { CBC_SUITES, helloLists, SUITE_FAMILIES } from './suites.ts';

/** Newest first: nearly every server answers the first one. */
const CONTROLS: readonly VersionName[] = ['tls1.3', 'tls1.2', 'tls1.1', 'tls1.0', 'ssl3'];
/** Those in which the old kinds of suites can be. */
const WITH_OLD_SUITES: readonly VersionName[] = ['tls1.2', 'tls1.1', 'tls1.0', 'ssl3'];

/**
 * What a TLS server offers, and its certificates. That something is refused counts only between two hellos of the
 * same kind that are accepted, before and after: a port without TLS, or a server that has had enough of us,
 * refuses everything.
 */
export const probeTls: Probe = async ({ transport, port }, asked, target) => {
  if (transport !== 'tcp') return asked.map((one) => notKnown(one, 'TLS is looked for over TCP only'));
  const byCertificate = asked.filter(isCertificateCheck);
  const byHello = asked.filter((one) => !isCertificateCheck(one));
  return [
    ...(await orErrors(byHello, () => helloSaid(new TlsServer(target, port), byHello))),
    ...(await orErrors(byCertificate, () => certificateSaid(target, port, byCertificate))),
  ];
};

/** That one of the two fails takes nothing from the other. */
async function orErrors(
  asked: readonly Asked[],
  ask: () => Promise<readonly Said[]>,
): Promise<readonly Said[]> {
  if (asked.length === 0) return [];
  try {
    return await ask();
  } catch (error) {
    const { message, reason } = noAnswer(error);
    return asked.map((one) => notKnown(one, message, reason));
  }
}

async function helloSaid(server: TlsServer, asked: readonly Asked[]): Promise<readonly Said[]> {
  const control = await controlOf(server);
  const answers: Said[] = [];
  for (const one of asked) answers.push(await answerTo(server, one, control));
  if (!answers.some(({ verdict }) => verdict === 'absent')) return answers;
  if (control !== undefined && (await server.offers(control).catch(() => false))) return answers;
  const [why, reason] =
    control === undefined
      ? ([NO_TLS, 'CHECK_NOT_RUN'] as const)
      : ([`${control} was accepted before and no longer is`, 'BLOCKED'] as const);
  return answers.map((one) => (one.verdict === 'absent' ? notKnown(one, why, reason) : one));
}

const NO_TLS = 'the port accepts no version of TLS';

/**
 * The first version that is accepted; undefined where what answers is no TLS. Silence is thrown at once, and that
 * something cuts every connection: some old servers do so only at hellos that are too new for them.
 */
async function controlOf(server: TlsServer): Promise<VersionName | undefined> {
  let cut: NoAnswer | undefined;
  for (const version of CONTROLS) {
    try {
      if (await server.offers(version)) return version;
    } catch (error) {
      const why = noAnswer(error);
      if (why.reason === 'BLOCKED') cut = why;
      else if (why.reason !== 'CHECK_NOT_RUN') throw why;
    }
  }
  if (cut !== undefined) throw cut;
  return undefined;
}

async function answerTo(server: TlsServer, asked: Asked, control: VersionName | undefined): Promise<Said> {
  const id = idOf(asked);
  try {
    // A server of SSL 2.0 alone is found too.
    if (id === 'ssl2') return found(asked, (await server.ssl2Kinds()) !== null);
    if (control === undefined) return notKnown(asked, NO_TLS);
    if (id === 'ssl3' || id === 'tls1.0' || id === 'tls1.1') return found(asked, await server.offers(id));
    if (id === 'cbc-before-tls1.1')
      return found(asked, await acceptsAny(server, ['tls1.0', 'ssl3'], CBC_SUITES));
    if (!isFamily(id)) return notKnown(asked, 'there is no such check');
    const { suites, ssl2 } = SUITE_FAMILIES[id];
    if (await acceptsAny(server, WITH_OLD_SUITES, suites)) return found(asked, true);
    const kinds: readonly number[] = (await server.ssl2Kinds()) ?? [];
    return found(
      asked,
      ssl2.some((kind) => kinds.includes(kind)),
    );
  } catch (error) {
    const { message, reason } = noAnswer(error);
    return notKnown(asked, message, reason);
  }
}

const isFamily = (id: string): id is keyof typeof SUITE_FAMILIES => Object.hasOwn(SUITE_FAMILIES, id);

async function acceptsAny(
  server: TlsServer,
  versions: readonly VersionName[],
  suites: readonly number[],
): Promise<boolean> {
  for (const version of versions)
    for (const list of helloLists(suites)) if (await server.accepts(version, list)) return true;
  return false;
}
