import { spawnSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { PostgresFault } from './fault.ts';

/** Whom PostgreSQL runs as, when that is not ourselves. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['backcheck', 'postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root, so root drops to an account without privileges: the one that owns the
 * cluster already, else the first that exists of `backcheck`, `postgres` and `nobody`. It must be listed in the
 * system's accounts, because initdb looks up its name. An ordinary user stays who it is: undefined.
 * @throws {PostgresFault} OTHER_OWNER when the cluster belongs to someone else than the ordinary user.
 */
export function chooseAccount(cluster: string): Account | undefined {
  const owner = statSync(cluster, { throwIfNoEntry: false });
  const self = process.getuid?.();
  if (self === 0) {
    if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
    return firstAccount();
  }
  if (owner !== undefined && owner.uid !== self) {
    throw new PostgresFault('OTHER_OWNER', {
      en: `The database in ${cluster} belongs to another account (uid ${owner.uid}). Start the server as root or as that account, or use another data folder.`,
      zh: `${cluster} 中的数据库属于另一个账户（uid ${owner.uid}）。请以 root 或该账户启动服务，或使用其他数据目录。`,
    });
  }
  return undefined;
}

function firstAccount(): Account {
  for (const name of CANDIDATES) {
    const [uid, gid] = ['-u', '-g'].map((flag) => {
      const answer = spawnSync('id', [flag, name], { encoding: 'utf8' });
      return answer.status === 0 ? Number(answer.stdout) : undefined;
    });
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid };
  }
  throw new PostgresFault('CANNOT_RUN', {
    en: `PostgreSQL does not run as root, and none of the accounts ${CANDIDATES.join(', ')} exists. Create one, or start the server as an ordinary user.`,
    zh: `PostgreSQL 不能以 root 运行，而系统中没有账户 ${CANDIDATES.join('、')}。请创建其中之一，或以普通用户启动服务。`,
  });
}

export function giveTo(account: Account | undefined, path: string): void {
  if (account !== undefined) chownSync(path, account.uid, account.gid);
}

/** Asked of the system itself, as that account: access lists and mount options count too. */
export function canEnter(account: Account | undefined, folder: string): boolean {
  return account === undefined || spawnSync('test', ['-x', folder], { ...account }).status === 0;
}
