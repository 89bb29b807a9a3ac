import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MailServer, startMailServer } from '../../testing/mail-server.ts';
import { createMailer } from './mailer.ts';
import { MAIL_TEXTS } from './texts.ts';
import { writeMail } from './write-mail.ts';

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.stop());

const mailer = () => createMailer({ smtpUrl: server.url, from: 'Backcheck <backcheck@example.org>' });
const FACTS = {
  link: 'https://backcheck.example.org/join#abc',
  name: '王芳',
  inviter: 'Zhao <b>Lei</b>',
  days: '7',
};

describe('a mail', () => {
  it.each(['zh', 'en'] as const)('arrives in %s as text and as the same text in HTML', async (language) => {
    const to = `${language}@example.org`;
    await mailer().send(writeMail('invitation', { language, to, facts: FACTS }));
    const mail = await server.next(to);
    expect(mail.from).toMatchObject({ name: 'Backcheck', address: 'backcheck@example.org' });
    expect(mail.subject).toBe(MAIL_TEXTS.invitation[language].subject.replace('{inviter}', FACTS.inviter));
    expect(mail.text).toContain('王芳');
    expect(mail.text).toContain(`\n${FACTS.link}\n`);
    expect(mail.html).toContain(`<a href="${FACTS.link}">`);
    expect(mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
  });

  it('holds a name as what it is, not as HTML and not as another header or address', async () => {
    const facts = { ...FACTS, inviter: '<img src=x>\r\nBcc: eve@example.org' };
    await mailer().send(writeMail('invitation', { language: 'en', to: 'one@example.org', facts }));
    const mail = await server.next('one@example.org');
    expect(mail.html).not.toContain('<img');
    expect(mail.bcc).toBeUndefined();
    expect(mail.to).toHaveLength(1);
  });

  it.each(Object.entries(MAIL_TEXTS))(
    'of %s has its link in a paragraph of its own in both languages',
    (_kind, texts) => {
      for (const { paragraphs } of Object.values(texts)) expect(paragraphs).toContain('{link}');
    },
  );

  it('that the server refuses is an error with its words', async () => {
    server.refuse = 'mailbox is full';
    const sent = mailer().send(
      writeMail('password-reset', { language: 'en', to: 'full@example.org', facts: FACTS }),
    );
    await expect(sent).rejects.toThrow(/mailbox is full/);
    server.refuse = null;
  });
});
