import type { Target } from '../answer.ts';
import { NoAnswer } from '../connect.ts';
import { type Conversation, converse, type Heard, type Parsed } from '../conversation.ts';
import { clientHello, type Hello, ssl2ClientHello, VERSIONS, type VersionName } from './client-hello.ts';
import { type HelloAnswer, parseServerHello, parseSsl2Answer, type Ssl2Answer } from './server-hello.ts';
import { helloLists, LEGACY_SUITES, TLS12_SUITES, TLS13_SUITES } from './suites.ts';

const MAX_BYTES = 65_536;

/**
 * One TLS server, asked by hand-made hellos: a library of today cannot say SSL 2.0 or offer export ciphers.
 * A refusal is an alert or an orderly end of the connection behind the hello. A reset is none: it may come from
 * something between us that does not like this version.
 */
export class TlsServer {
  readonly #target: Target;
  readonly #port: number;

  constructor(target: Target, port: number) {
    this.#target = target;
    this.#port = port;
  }

  /** Whether exactly this version is chosen, whichever of its suites. */
  async offers(version: VersionName): Promise<boolean> {
    const suites = {
      ssl3: LEGACY_SUITES,
      'tls1.0': LEGACY_SUITES,
      'tls1.1': LEGACY_SUITES,
      'tls1.2': TLS12_SUITES,
    };
    const lists =
      version === 'tls1.3' ? [[...TLS13_SUITES, ...TLS12_SUITES.slice(0, 40)]] : helloLists(suites[version]);
    for (const list of lists) if (await this.accepts(version, list)) return true;
    return false;
  }

  /** Whether this version is chosen with one of these suites. */
  async accepts(version: VersionName, suites: readonly number[]): Promise<boolean> {
    // Some servers of SSL 3.0 want extensions (a name), others cannot read them.
    for (const extensions of version === 'ssl3' ? [true, false] : [true]) {
      const answer = await this.#say({ version, suites, host: this.#target.host, extensions });
      if (answer.kind === 'accepted' && answer.version === VERSIONS[version]) {
        if (!suites.includes(answer.suite)) throw garbage();
        return true;
      }
    }
    return false;
  }

  /** The CIPHER-KINDs of SSL 2.0; null when it is refused. */
  async ssl2Kinds(): Promise<readonly number[] | null> {
    const heard = await this.#converse(ssl2ClientHello(), parseSsl2Answer);
    const answer: Ssl2Answer = heard.kind === 'closed' ? closedAnswer(heard) : heard.value;
    if (answer.kind === 'garbage') throw garbage();
    return answer.kind === 'accepted' ? answer.kinds : null;
  }

  async #say(hello: Hello): Promise<Exclude<HelloAnswer, { kind: 'garbage' }>> {
    const heard = await this.#converse(clientHello(hello), parseServerHello);
    const answer: HelloAnswer = heard.kind === 'closed' ? closedAnswer(heard) : heard.value;
    if (answer.kind === 'garbage') throw garbage();
    return answer;
  }

  #converse<T>(hello: Buffer, parse: (bytes: Buffer) => Parsed<T>): Promise<Heard<T>> {
    return converse(this.#target, { port: this.#port, maxBytes: MAX_BYTES }, (talk: Conversation) => {
      talk.write(hello);
      return talk.read(parse);
    });
  }
}

const garbage = (): NoAnswer =>
  new NoAnswer('CHECK_NOT_RUN', 'the server answers with something that is no TLS', { answered: true });

/** An end without a word refuses; an end within an answer says nothing. */
function closedAnswer({ bytes }: { readonly bytes: Buffer }): { kind: 'refused'; alert: number } {
  if (bytes.length > 0) throw garbage();
  return { kind: 'refused', alert: 0 };
}
