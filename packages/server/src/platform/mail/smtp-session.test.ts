import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ComposedMail } from './mailer.ts';
import { openSmtpSession, type Transmitted } from './smtp-session.ts';

const MAIL: ComposedMail = {
  bytes: Buffer.from('Subject: one\r\n\r\nText\r\n'),
  envelope: {
    from: 'a@example.org',
    to: ['b@example.org'],
    dsn: { ret: 'HDRS', envid: 'id', notify: 'FAILURE,DELAY' },
  },
};

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

type Answers = Readonly<Record<string, string | 'cut'>>;

/** A mail server that answers each command as it is told; `.` is the end of a mail's text. */
async function talking(answers: Answers): Promise<{ url: string; heard: () => string }> {
  const said: Answers = {
    EHLO: '250 hello',
    MAIL: '250 ok',
    RCPT: '250 ok',
    DATA: '354 go on',
    '.': '250 taken as 7',
    ...answers,
  };
  let heard = '';
  const answer = (socket: Socket, command: string) => {
    const words = said[command] ?? '500 what';
    if (words === 'cut') socket.destroy();
    else socket.write(`${words}\r\n`);
  };
  const server = createServer((socket) => {
    let inText = false;
    socket.on('error', () => undefined).write('220 here\r\n');
    socket.on('data', (chunk) => {
      heard += chunk;
      for (const line of String(chunk).split('\r\n').filter(Boolean)) {
        if (inText && line !== '.') continue;
        inText = line === 'DATA' && said['DATA']?.startsWith('354') === true;
        answer(socket, line.split(/[ :]/)[0] ?? '');
      }
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, heard: () => heard };
}

async function sentTo(answers: Answers, leave = async () => true): Promise<Transmitted & { heard: string }> {
  const { url, heard } = await talking(answers);
  const session = await openSmtpSession(url);
  const outcome = await session.transmit(MAIL, leave);
  session.close();
  return { ...outcome, heard: heard() };
}

describe('a mail on its way to the mail server', () => {
  it('is taken when the server says so, and its answer is kept', async () => {
    expect(await sentTo({})).toMatchObject({ kind: 'taken', answer: '250 taken as 7' });
  });

  it('is not written before it was noted that it leaves, and not at all when somebody else has it', async () => {
    let before = '';
    const { url, heard } = await talking({});
    const session = await openSmtpSession(url);
    await session.transmit(MAIL, async () => {
      before = heard();
      return true;
    });
    session.close();
    expect(before).toMatch(/DATA\r\n$/);
    const refused = await sentTo({}, async () => false);
    expect(refused).toMatchObject({ kind: 'unsent' });
    expect(refused.heard).toMatch(/DATA\r\n$/);
  });

  it.each([
    ['cuts the connection instead of an answer to the text', { '.': 'cut' }, 'unconfirmed'],
    ['cuts it before the text', { DATA: 'cut' }, 'unsent'],
    ['does not know the sender, which is no fault of this mail', { MAIL: '550 who' }, 'unsent'],
  ])('when the server %s: %s', async (_title, answers, kind) => {
    expect(await sentTo(answers)).toMatchObject({ kind });
  });

  it.each([
    ['a recipient that does not exist', { RCPT: '550 5.1.1 no such user' }, true],
    ['a recipient that is asked to wait', { RCPT: '450 4.2.1 later' }, false],
    ['a text that it does not want', { '.': '554 5.7.1 spam' }, true],
    ['a text for which it has no room', { '.': '452 4.3.1 full' }, false],
    ['mails at all for now', { DATA: '451 4.3.0 try later' }, false],
  ])('is refused where the server does not take %s', async (_title, answers, permanent) => {
    expect(await sentTo(answers)).toMatchObject({ kind: 'refused', permanent });
  });

  it('needs a connection: nobody there is an error and not an outcome', async () => {
    const { url } = await talking({});
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    await expect(openSmtpSession(url)).rejects.toThrow(/ECONNREFUSED/);
    const { url: closed } = await talking({ EHLO: '554 go away', HELO: '554 go away' });
    await expect(openSmtpSession(closed)).rejects.toThrow(/554/);
  });
});
