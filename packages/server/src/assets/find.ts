import { type AssetRow, type Db, findAssets, type IdentityTask } from '@backcheck/db';
import { Problem } from '../platform/problem.ts';
import { viewTask } from './view.ts';

export async function assetOf(db: Db, id: string): Promise<AssetRow> {
  const [row] = await findAssets(db, [id]);
  if (row === undefined) throw new Problem('NOT_FOUND');
  return row;
}

/** Tasks as they are shown: with both assets as they are now. */
export async function viewTasks(db: Db, tasks: readonly IdentityTask[]) {
  const ids = tasks.flatMap(({ asset, other }) => (other === null ? [asset.id] : [asset.id, other.id]));
  const assets = new Map((await findAssets(db, ids)).map((row) => [row.id, row]));
  return tasks.map((task) => viewTask(task, assets));
}
