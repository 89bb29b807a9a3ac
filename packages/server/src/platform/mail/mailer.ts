import { createTransport } from 'nodemailer';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Resolves when the mail server took the mail; throws what it said otherwise. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

const TIMEOUT = 30_000;

/**
 * Sends by SMTP (RFC 5321). `smtps://` speaks TLS from the beginning; `smtp://` uses it when the server offers it, and
 * with `?requireTLS=true` nothing else.
 */
export function createMailer({ smtpUrl, from }: { readonly smtpUrl: string; readonly from: string }): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: TIMEOUT,
    greetingTimeout: TIMEOUT,
    socketTimeout: TIMEOUT,
    // A mail of ours is text: nothing in it may make this server read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ to, subject, text, html }) => {
      await transport.sendMail({
        from,
        // As an object, so that a comma in it is no second address.
        to: { name: '', address: to },
        subject,
        text,
        html,
        // RFC 3834: holiday notices are not sent in reply.
        headers: { 'auto-submitted': 'auto-generated' },
      });
    },
  };
}
