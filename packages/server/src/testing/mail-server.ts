import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A real SMTP server on loopback that keeps what it is sent. */
export interface MailServer {
  readonly url: string;
  readonly mails: Email[];
  /** While set, each mail is refused with these words. */
  refuse: string | null;
  /** The next mail to an address, as soon as it is there. */
  next(to: string): Promise<Email>;
  stop(): Promise<void>;
}

const PATIENCE = 45_000;

export async function startMailServer(): Promise<MailServer> {
  const mails: Email[] = [];
  const taken = new Set<Email>();
  const server: SMTPServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: async (stream, _session, done) => {
      const parts: Buffer[] = [];
      try {
        for await (const part of stream) parts.push(part);
      } catch {
        return; // the sender went before its last byte: that is no mail
      }
      if (mailServer.refuse !== null) return done(new Error(mailServer.refuse));
      mails.push(await PostalMime.parse(Buffer.concat(parts)));
      done();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const mailServer: MailServer = {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuse: null,
    next: async (to) => {
      const end = Date.now() + PATIENCE;
      for (;;) {
        const found = mails.find(
          (mail) => !taken.has(mail) && mail.to?.some(({ address }) => address === to),
        );
        if (found !== undefined) {
          taken.add(found);
          return found;
        }
        if (Date.now() > end) throw new Error(`No mail came to ${to}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
  return mailServer;
}

/** The token behind the `#` of the one link in a mail. */
export function tokenIn({ text }: Email): string {
  const [, token = ''] = /https?:\/\/\S+#([\w-]+)/.exec(text ?? '') ?? [];
  return token;
}
