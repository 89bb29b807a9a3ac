import {
  endRegisterStep,
  findRegisterImport,
  type RegisterImportRow,
  type RegisterImportState,
} from '@backcheck/db';
import type { Parts } from '../platform/parts.ts';
import { apply } from './apply.ts';
import { stage } from './stage.ts';
import { undo } from './undo.ts';

type Needs = Pick<Parts, 'pool' | 'widePool' | 'files' | 'clock' | 'log'>;

export interface RegisterAttempt {
  readonly registerImportId: string;
  /** Fires when the server stops: the step rolls back and runs again at the next start. */
  readonly signal: AbortSignal;
  /** No further attempt will follow. */
  readonly last: boolean;
}

/** Where an import goes back to when a step could not be carried out. */
const BACK: Partial<Record<RegisterImportState, RegisterImportState>> = {
  staging: 'uploaded',
  applying: 'ready',
  undoing: 'applied',
};

/**
 * The job of a register import: the step that its state asks for. May run again at any time after a kill: nothing is
 * kept but by the commit that also ends the step.
 */
export async function runRegisterImport(
  needs: Needs,
  { registerImportId, signal, last }: RegisterAttempt,
): Promise<void> {
  const row = await findRegisterImport(needs.widePool, registerImportId);
  if (row === null) return;
  try {
    await runStep(needs, row, signal);
  } catch (error) {
    if (!last || signal.aborted) throw error;
    needs.log.error({ err: error, registerImportId }, 'register import given up');
    await giveUp(needs, registerImportId);
  }
}

async function runStep(needs: Needs, row: RegisterImportRow, signal: AbortSignal): Promise<void> {
  const changed = { code: 'REGISTERS_CHANGED', facts: {} } as const;
  switch (row.state) {
    case 'staging':
      return stage(needs, row, { end: { state: row.undoneAt === null ? 'ready' : 'undone' }, signal });
    case 'applying':
      if (!(await apply(needs, row)))
        await stage(needs, row, { end: { state: 'ready', problem: changed }, signal });
      return;
    case 'undoing':
      if (await undo(needs, row)) await stage(needs, row, { end: { state: 'undone' }, signal });
      return;
    default:
      return;
  }
}

/** Leaves the import where a person can ask again. */
export async function giveUp({ widePool }: Pick<Needs, 'widePool'>, registerImportId: string): Promise<void> {
  const row = await findRegisterImport(widePool, registerImportId);
  const state = row === null ? undefined : BACK[row.state];
  if (state === undefined) return;
  const problem = { code: 'REGISTER_IMPORT_FAILED', facts: { registerImportId } };
  await endRegisterStep(widePool, registerImportId, { state, problem });
}
