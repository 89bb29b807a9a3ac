import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { PostgresFault } from './fault.ts';
import { startOf } from './processes.ts';

export interface OwnerLock {
  release(): void;
}

interface Owner {
  readonly pid: number;
  readonly start: string;
}

/**
 * One server owns a data folder at a time. The lock is a file with the owner's process id and start time, so a
 * killed owner holds nothing: its id is free, or belongs to a process that started at another time.
 * @throws {PostgresFault} ALREADY_RUNNING with the owner's process id.
 */
export function takeOwnerLock(file: string): OwnerLock {
  const mine: Owner = { pid: process.pid, start: startOf(process.pid) ?? '' };
  const prepared = `${file}.${randomUUID()}`;
  writeFileSync(prepared, JSON.stringify(mine), { mode: 0o600 });
  try {
    if (!placeLock(prepared, file)) {
      removeDeadOwner(file);
      if (!placeLock(prepared, file)) throw alreadyRunning(readOwner(file));
    }
  } finally {
    rmSync(prepared, { force: true });
  }
  return {
    release: () => {
      const owner = readOwner(file);
      if (owner?.pid === mine.pid && owner.start === mine.start) rmSync(file, { force: true });
    },
  };
}

/** A link appears with its whole content or not at all, and never replaces an existing file. */
function placeLock(prepared: string, file: string): boolean {
  try {
    linkSync(prepared, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Two starters may see the same dead owner. Whoever moves a lock away looks at what it really moved. */
function removeDeadOwner(file: string): void {
  const seen = readOwner(file);
  if (isAlive(seen)) throw alreadyRunning(seen);
  const moved = `${file}.${randomUUID()}`;
  try {
    renameSync(file, moved);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const owner = readOwner(moved);
  if (isAlive(owner)) placeLock(moved, file);
  rmSync(moved, { force: true });
  if (isAlive(owner)) throw alreadyRunning(owner);
}

function isAlive(owner: Owner | undefined): boolean {
  return owner !== undefined && startOf(owner.pid) === owner.start;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Undefined when the file is gone or was cut by a full disk: such a lock belongs to nobody. */
function readOwner(file: string): Owner | undefined {
  try {
    const owner: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof owner !== 'object' || owner === null || !('pid' in owner) || !('start' in owner))
      return undefined;
    return { pid: Number(owner.pid), start: String(owner.start) };
  } catch {
    return undefined;
  }
}

function alreadyRunning(owner: Owner | undefined): PostgresFault {
  const pid = owner === undefined ? '' : ` (process ${owner.pid})`;
  const zh = owner === undefined ? '' : `（进程 ${owner.pid}）`;
  return new PostgresFault('ALREADY_RUNNING', {
    en: `Another Backcheck server is using this data folder${pid}. Stop it first, or start this one with another data folder.`,
    zh: `另一个 Backcheck 服务正在使用该数据目录${zh}。请先停止它，或为本服务指定其他数据目录。`,
  });
}
