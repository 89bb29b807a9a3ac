import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { freePort } from '../../../../tests/support/free-port.ts';

/** Dovecot drops its privileges by itself, and therefore starts as root. */
export const canServeImap = process.getuid?.() === 0 && spawnSync('dovecot', ['--version']).status === 0;

/** Dovecot on loopback, with one mailbox. */
export interface ImapServer {
  /** With user and password; `folder` behind it. */
  url(folder?: string): string;
  /** What a person's mail program does with it. */
  open(): Promise<ImapFlow>;
  /** Puts a mail into a folder. */
  put(mail: string | Buffer, folder?: string): Promise<void>;
  stop(): Promise<void>;
}

const USER = 'notices';
const PASSWORD = 's3cret/&?';
const PATIENCE = 20_000;

export async function startImapServer(): Promise<ImapServer> {
  const folder = mkdtempSync(join(tmpdir(), 'backcheck-imap-'));
  const port = await freePort();
  mkdirSync(join(folder, 'home'), { mode: 0o777 });
  writeFileSync(join(folder, 'dovecot.conf'), configuration(folder, port));
  spawnSync('chown', ['-R', 'nobody:', join(folder, 'home')]);
  spawnSync('chmod', ['755', folder]);
  const dovecot = spawn('dovecot', ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: 'ignore' });
  const open = async () => {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port,
      secure: false,
      auth: { user: USER, pass: PASSWORD },
      logger: false,
    });
    await client.connect();
    return client;
  };
  await untilOpen(open, dovecot, folder);
  return {
    url: (name = '') =>
      `imap://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}${name === '' ? '' : `/${encodeURIComponent(name)}`}`,
    open,
    put: async (mail, name = 'INBOX') => {
      const client = await open();
      await client.append(name, mail);
      await client.logout();
    },
    stop: async () => {
      const ended = once(dovecot, 'exit');
      dovecot.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const configuration = (folder: string, port: number): string => `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${folder}/home/mail
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${folder}/home
}
first_valid_uid = 1
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`;

async function untilOpen(
  open: () => Promise<ImapFlow>,
  dovecot: ChildProcess,
  folder: string,
): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      const client = await open();
      await client.logout();
      return;
    } catch (cause) {
      if (dovecot.exitCode !== null || Date.now() > end) {
        dovecot.kill('SIGKILL');
        throw new Error(`Dovecot did not start: ${logOf(folder)}`, { cause });
      }
      await pause(50);
    }
  }
}

function logOf(folder: string): string {
  try {
    return readFileSync(join(folder, 'log'), 'utf8');
  } catch {
    return 'it has written no log';
  }
}
