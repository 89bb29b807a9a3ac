import querystring from 'node:querystring';
import { ImapFlow } from 'imapflow';

/** Where to read mail, and what becomes of what was taken. */
export interface Mailbox {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly folder: string;
  /** `from the beginning`: the port speaks TLS; `asked for`: STARTTLS or nothing; `if offered`: as the server has it. */
  readonly tls: 'from the beginning' | 'asked for' | 'if offered';
  /** Null: what was taken is marked as seen and stays. */
  readonly doneFolder: string | null;
}

/** An open folder; mails are named by their UID (RFC 9051 section 2.3.1.1). */
export interface OpenMailbox {
  readonly uidValidity: string;
  /** The next mails behind this one, with their sizes in bytes, in their order. */
  next(after: number, most: number): Promise<readonly { readonly uid: number; readonly bytes: number }[]>;
  /** The whole mail; null: it is not there any more. It is not marked by it. */
  read(uid: number): Promise<Buffer | null>;
  /** Moves it to the folder for what was taken, or marks it as seen. Nothing is ever deleted. */
  settle(uid: number): Promise<void>;
  close(): Promise<void>;
}

const TIMEOUT = 30_000;
/** Of one answer of the server, which need not be honest about sizes. */
const MOST_BYTES = 20_000_000;

/** `imaps://user:password@host:port/folder`; `imap://` with `?requireTLS=true` for STARTTLS. Without a folder: INBOX. */
export function mailboxAt(imapUrl: string, doneFolder: string | null): Mailbox {
  const url = new URL(imapUrl);
  const secure = url.protocol === 'imaps:';
  const askedFor = url.searchParams.get('requireTLS') === 'true';
  return {
    host: url.hostname,
    port: url.port === '' ? (secure ? 993 : 143) : Number(url.port),
    user: querystring.unescape(url.username),
    password: querystring.unescape(url.password),
    folder: querystring.unescape(url.pathname.replace(/^\//, '')) || 'INBOX',
    tls: secure ? 'from the beginning' : askedFor ? 'asked for' : 'if offered',
    doneFolder,
  };
}

/** Names it without its password. */
export const mailboxName = ({ user, host, port, folder }: Mailbox): string =>
  `${user}@${host}:${port}/${folder}`;

/** The user or the password is wrong, or the account is locked. */
export class SignInRefused extends Error {}

/** @throws SignInRefused or another Error, with what the server said, never with the password */
export async function openMailbox(mailbox: Mailbox): Promise<OpenMailbox> {
  const { host, port, user, password, folder, tls, doneFolder } = mailbox;
  const client = new ImapFlow({
    host,
    port,
    secure: tls === 'from the beginning',
    ...(tls === 'asked for' ? { doSTARTTLS: true } : {}),
    auth: { user, pass: password },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: TIMEOUT,
    greetingTimeout: TIMEOUT,
    socketTimeout: TIMEOUT,
    maxLineLength: MOST_BYTES,
    maxLiteralSize: MOST_BYTES,
    maxResponseSize: 2 * MOST_BYTES,
  });
  // a connection that breaks also fails the command that waits on it
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { uidValidity } = await client.mailboxOpen(folder);
    return {
      uidValidity: String(uidValidity),
      next: (after, most) => nextMails(client, after, most),
      read: async (uid) => {
        const mail = await client.fetchOne(uid, { source: true }, { uid: true });
        return mail === false || mail === undefined ? null : (mail.source ?? null);
      },
      settle: async (uid) => {
        await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true });
        if (doneFolder !== null) await client.messageMove(String(uid), doneFolder, { uid: true });
      },
      close: () => client.logout().catch(() => client.close()),
    };
  } catch (error) {
    client.close();
    throw plain(error, mailboxName(mailbox));
  }
}

async function nextMails(client: ImapFlow, after: number, most: number) {
  const uids = await client.search({ uid: `${after + 1}:*` }, { uid: true });
  // not "none": what the server refused would look like an empty folder for ever
  if (!Array.isArray(uids)) throw new Error('the server did not say which mails there are');
  // of a folder without later mails `*` is the last one, which was read before
  const later = uids.filter((uid) => uid > after).sort((a, b) => a - b);
  if (later.length === 0) return [];
  const mails = await client.fetchAll(later.slice(0, most), { uid: true, size: true }, { uid: true });
  return mails.map(({ uid, size }) => ({ uid, bytes: size ?? 0 })).sort((a, b) => a.uid - b.uid);
}

/** What the library keeps beside its message may hold the command that signed in. */
function plain(error: unknown, name: string): Error {
  const { message, responseText, authenticationFailed } = error as Partial<Record<string, unknown>>;
  const said = `${name}: ${[message, responseText].filter(Boolean).join(': ')}`;
  return authenticationFailed === true ? new SignInRefused(said) : new Error(said);
}
