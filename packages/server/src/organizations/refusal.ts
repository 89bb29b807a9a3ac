import { type RegisterRefusal, registerRefusal } from '@backcheck/db';
import { Problem } from '../platform/problem.ts';

/** Runs a change; what the database refuses of it becomes the refusal with this code. */
export async function refusing<T>(
  work: Promise<T>,
  refusals: Readonly<Partial<Record<RegisterRefusal, () => Problem>>>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const refusal = registerRefusal(error);
    throw refusal === null ? error : (refusals[refusal]?.() ?? error);
  }
}

export const codeTaken = (code: unknown) => (): Problem => new Problem('CODE_TAKEN', { code: String(code) });

/** A record that is there and visible, or the same answer as for one that never was. */
export function found<T>(row: T | null): T {
  if (row === null) throw new Problem('NOT_FOUND');
  return row;
}
