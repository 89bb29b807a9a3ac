import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, canEnter, giveTo } from './account.ts';
import { PostgresFault } from './fault.ts';

export const SOCKET_PORT = 5432;

/** sun_path holds 108 bytes with its closing zero (Linux unix(7)); macOS holds 104. */
const PATH_LIMIT = process.platform === 'darwin' ? 103 : 107;

/**
 * The folder of the unix socket, 0700: who can enter it can speak to the database, nobody else.
 * It is beside the data where the path is short enough and the account can go there, else a folder with a hashed
 * name in the temporary folder.
 * @throws {PostgresFault} CANNOT_WRITE when somebody else already holds the name in the temporary folder.
 */
export function prepareSocketFolder(dataDir: string, account: Account | undefined): string {
  const beside = join(dataDir, 'socket');
  const folder = fits(beside) && canEnter(account, dataDir) ? beside : join(tmpdir(), hashedName(dataDir));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid } = lstatSync(folder);
  if (!lstatSync(folder).isDirectory() || ![process.getuid?.(), account?.uid].includes(uid)) {
    throw new PostgresFault('CANNOT_WRITE', {
      en: `The socket folder ${folder} belongs to somebody else. Remove it, or use a data folder with a shorter path.`,
      zh: `套接字目录 ${folder} 属于其他账户。请删除它，或使用路径更短的数据目录。`,
    });
  }
  chmodSync(folder, 0o700);
  giveTo(account, folder);
  return folder;
}

/** The setting is a list, so a comma or a quote in the path would be read as its syntax. */
function fits(folder: string): boolean {
  const socket = join(folder, `.s.PGSQL.${SOCKET_PORT}`);
  return Buffer.byteLength(socket) <= PATH_LIMIT && !/[",]/.test(folder);
}

function hashedName(dataDir: string): string {
  return `backcheck-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
}
