import { Readable } from 'node:stream';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection, { type SMTPError } from 'nodemailer/lib/smtp-connection';
import type { ComposedMail } from './mailer.ts';

/**
 * What became of one mail. `refused`: the server said no, for good or for now. `unsent`: it cannot have been taken, and
 * the reason lies with the connection, not with this mail. `unconfirmed`: its last byte was on the way and no answer came.
 */
export type Transmitted =
  | { readonly kind: 'taken'; readonly answer: string }
  | { readonly kind: 'refused'; readonly permanent: boolean; readonly answer: string }
  | { readonly kind: 'unsent'; readonly why: string }
  | { readonly kind: 'unconfirmed'; readonly why: string };

/** One connection to the mail server. */
export interface SmtpSession {
  /**
   * Sends one mail. `leave` is called when the server waits for the text (354), before its first byte is written: what it
   * writes down says that the mail may have gone from here on. If it says false, nothing is written. A mail that ends
   * before its last byte is no mail to the server (RFC 5321 section 4.1.1.4).
   */
  transmit(mail: ComposedMail, leave: () => Promise<boolean>): Promise<Transmitted>;
  /** False: the next mail needs another connection. */
  readonly open: boolean;
  close(): void;
}

const CONNECT_TIMEOUT = 30_000;
/**
 * RFC 5321 section 4.5.3.2.6: the answer to the last dot may take ten minutes, and giving up before it came is how mails
 * are sent twice (RFC 1047).
 */
const ANSWER_TIMEOUT = 600_000;

/** @throws what the server or the network said when there is no connection or no leave to send */
export async function openSmtpSession(smtpUrl: string): Promise<SmtpSession> {
  const { auth, ...options } = parseConnectionUrl(smtpUrl);
  const connection = new SMTPConnection({
    ...options,
    connectionTimeout: CONNECT_TIMEOUT,
    greetingTimeout: CONNECT_TIMEOUT,
    socketTimeout: ANSWER_TIMEOUT,
  });
  await connected(connection);
  try {
    if (auth !== undefined) await loggedIn(connection, auth);
  } catch (error) {
    connection.close();
    throw error;
  }
  return sessionOf(connection);
}

function connected(connection: SMTPConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    // stays, because an error that nobody hears would end the process; after the connection is made it does nothing
    connection.on('error', reject);
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
}

type Auth = Parameters<SMTPConnection['login']>[0];

function loggedIn(connection: SMTPConnection, auth: Auth): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.login(auth, (error) => (error ? reject(error) : resolve()));
  });
}

class NotOurs extends Error {}

function sessionOf(connection: SMTPConnection): SmtpSession {
  let open = true;
  const close = (): void => {
    open = false;
    connection.close();
  };
  connection.once('end', () => {
    open = false;
  });
  return {
    get open() {
      return open;
    },
    close,
    transmit: ({ bytes, envelope }, leave) =>
      new Promise((resolve) => {
        let left = false;
        let ended = false;
        // asked for its first chunk only after the server has said 354
        const text = Readable.from(
          (async function* () {
            if (!(await leave())) throw new NotOurs('another sender has it, or its notice stands no more');
            // the server said no, or went, in the meantime
            if (ended) throw new NotOurs('the transaction has ended');
            left = true;
            yield bytes;
          })(),
          { objectMode: false },
        );
        connection.send({ ...envelope, to: [...envelope.to] }, text, (error, info) => {
          ended = true;
          // a transaction that failed half-way is not continued on this connection
          if (error !== null) close();
          resolve(error === null ? { kind: 'taken', answer: info.response } : whyNot(error, left));
        });
      }),
  };
}

/** Errors of nodemailer: `responseCode` and `command` say what the server refused; without them nobody refused anything. */
function whyNot(error: SMTPError, left: boolean): Transmitted {
  const { responseCode, command, response, message } = error;
  const aboutThisMail = command === 'RCPT TO' || command === 'DATA';
  if (aboutThisMail && typeof responseCode === 'number') {
    const answer = typeof response === 'string' ? response : message;
    return { kind: 'refused', permanent: responseCode >= 500, answer };
  }
  return { kind: left ? 'unconfirmed' : 'unsent', why: message };
}
