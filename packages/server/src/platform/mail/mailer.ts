import { createTransport } from 'nodemailer';
import { openSmtpSession, type SmtpSession } from './smtp-session.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A mail as its bytes, signed where the server signs, and for whom it is. */
export interface ComposedMail {
  readonly bytes: Buffer;
  readonly envelope: { readonly from: string; readonly to: readonly string[]; readonly dsn: DsnWish };
}

/** RFC 3461: which notice of a failure is asked for, where the mail server knows the extension. */
interface DsnWish {
  readonly ret: 'HDRS';
  readonly envid: string;
  readonly notify: 'FAILURE,DELAY';
}

export interface Mailer {
  /** Resolves when the mail server took the mail; throws what it said otherwise. */
  send(mail: Mail): Promise<void>;
  /** Of the sender's address, for Message-IDs. */
  readonly domain: string;
  /** `messageId` with its angle brackets; without them it is the envelope's id (RFC 3461) too. */
  compose(mail: Mail, messageId: string): Promise<ComposedMail>;
  /** A connection for many mails one after the other. Rejects when the mail server does not let us in. */
  open(): Promise<SmtpSession>;
  /** At the same time: `maxConnections` of the mail server's address, as nodemailer's own pool reads it. */
  readonly connections: number;
}

/** Signs each mail (RFC 6376); the public key stands in the DNS at `selector._domainkey.domain`. */
export interface DkimOptions {
  readonly domain: string;
  readonly selector: string;
  /** In PEM. */
  readonly privateKey: string;
}

export interface MailerOptions {
  readonly smtpUrl: string;
  readonly from: string;
  readonly dkim?: DkimOptions | null;
}

const TIMEOUT = 30_000;
const CONNECTIONS = 4;
/** A mail of ours is text: nothing in it may make this server read a file or fetch an address. */
const OURS_ONLY = { disableFileAccess: true, disableUrlAccess: true } as const;
/** RFC 3834: holiday notices are not sent in reply. */
const HEADERS = { 'auto-submitted': 'auto-generated' } as const;

/**
 * Sends by SMTP (RFC 5321). `smtps://` speaks TLS from the beginning; `smtp://` uses it when the server offers it, and
 * with `?requireTLS=true` nothing else.
 */
export function createMailer({ smtpUrl, from, dkim = null }: MailerOptions): Mailer {
  const signing =
    dkim === null
      ? {}
      : { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } };
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: TIMEOUT,
    greetingTimeout: TIMEOUT,
    socketTimeout: TIMEOUT,
    ...OURS_ONLY,
    ...signing,
  });
  const composer = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    ...OURS_ONLY,
    ...signing,
  });
  const sender = /<([^<>]+)>$/.exec(from)?.[1] ?? from;
  // As an object, so that a comma in it is no second address.
  const fields = ({ to, ...rest }: Mail) => ({
    from,
    to: { name: '', address: to },
    ...rest,
    headers: HEADERS,
  });
  return {
    domain: sender.slice(sender.lastIndexOf('@') + 1),
    send: async (mail) => {
      await transport.sendMail(fields(mail));
    },
    compose: async (mail, messageId) => {
      const { message } = await composer.sendMail({ ...fields(mail), messageId });
      if (!Buffer.isBuffer(message)) throw new Error('A composed mail is no buffer');
      const dsn: DsnWish = { ret: 'HDRS', envid: messageId.slice(1, -1), notify: 'FAILURE,DELAY' };
      return { bytes: message, envelope: { from: sender, to: [mail.to], dsn } };
    },
    open: () => openSmtpSession(smtpUrl),
    connections: connectionsIn(smtpUrl),
  };
}

function connectionsIn(smtpUrl: string): number {
  const asked = Number(new URL(smtpUrl).searchParams.get('maxConnections') ?? CONNECTIONS);
  return Number.isInteger(asked) && asked >= 1 && asked <= 20 ? asked : CONNECTIONS;
}
