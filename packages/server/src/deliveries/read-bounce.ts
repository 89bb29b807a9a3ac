import PostalMime, { type Attachment, type Email } from 'postal-mime';

/** What a returned mail says: delivery status notifications, RFC 3464, in a multipart/report, RFC 6522. */
export type Bounce =
  | { readonly kind: 'not-a-report' }
  | {
      readonly kind: 'bounced' | 'delivered' | 'delayed';
      /** Of the mail that it is about, with angle brackets. */
      readonly messageIds: readonly string[];
      /** In the words of the mail server that gave up. */
      readonly why: string;
    };

/** RFC 3464 section 2.3.3. */
const ACTIONS: Readonly<Record<string, 'bounced' | 'delivered' | 'delayed'>> = {
  failed: 'bounced',
  delayed: 'delayed',
  delivered: 'delivered',
  relayed: 'delivered',
  expanded: 'delivered',
};

/** @throws when it is no mail at all */
export async function readBounce(message: Buffer): Promise<Bounce> {
  const mail = await PostalMime.parse(message, { attachmentEncoding: 'utf8', forceRfc822Attachments: true });
  const status = mail.attachments.find(({ mimeType }) => mimeType === 'message/delivery-status');
  if (status === undefined) return { kind: 'not-a-report' };
  const [ofMessage = new Map<string, string>(), ...ofRecipients] = blocksOf(textOf(status));
  // our mails have one recipient each
  const recipient = ofRecipients.find((block) => block.has('action'));
  const kind = ACTIONS[recipient?.get('action')?.toLowerCase() ?? ''];
  if (recipient === undefined || kind === undefined) return { kind: 'not-a-report' };
  const why = [recipient.get('status'), recipient.get('diagnostic-code')].filter(Boolean).join(' ');
  const envelope = ofMessage.get('original-envelope-id');
  const messageIds = [...(envelope === undefined ? [] : [`<${envelope}>`]), ...returnedIds(mail)];
  return { kind, messageIds, why };
}

/** The Message-ID of what came back, whole or only its head. */
function returnedIds({ attachments }: Email): string[] {
  return attachments
    .filter(({ mimeType }) => ['message/rfc822', 'message/global', 'text/rfc822-headers'].includes(mimeType))
    .flatMap((part) => blocksOf(textOf(part))[0]?.get('message-id') ?? []);
}

/** Without NUL, which an encoded part can hold and no text of PostgreSQL. */
const textOf = ({ content }: Attachment): string =>
  (typeof content === 'string' ? content : new TextDecoder().decode(content)).replaceAll('\0', '');

/** Blocks of fields with empty lines between them; a line that begins with a space goes on with the one before. */
function blocksOf(text: string): Map<string, string>[] {
  const unfolded = text.replace(/\r\n/g, '\n').replace(/\n[ \t]+/g, ' ');
  return unfolded
    .trim()
    .split(/\n{2,}/)
    .map((block) => new Map(block.split('\n').flatMap(fieldOf)));
}

function fieldOf(line: string): [string, string][] {
  const colon = line.indexOf(':');
  return colon < 1 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]];
}
