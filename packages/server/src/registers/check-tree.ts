import { namesOf, type VisibleOrganization } from '@backcheck/db';
import type { Draft } from './draft.ts';

/** A tree that is deeper than this is a mistake, and each level costs every organization below it. */
const MAX_LEVELS = 30;

/** The organizations as they would be: by code, what the file says over what is stored. */
export interface Tree {
  readonly drafts: ReadonlyMap<string, Draft>;
  readonly stored: ReadonlyMap<string, VisibleOrganization>;
}

function parentOf({ drafts, stored }: Tree, code: string): string | null {
  const draft = drafts.get(code);
  // A row that is wrong is not applied.
  if (draft === undefined || draft.row.problems.length > 0) return stored.get(code)?.parentCode ?? null;
  const parent = draft.after['parentCode'];
  return typeof parent === 'string' ? parent : null;
}

/** Marks the rows whose parents lead back to them, and those that stand too deep. Looks at each organization once. */
export function checkParents(tree: Tree): void {
  const levels = new Map<string, number>();
  for (const start of tree.drafts.keys()) {
    const path: string[] = [];
    const onPath = new Set<string>();
    let code: string | null = start;
    while (code !== null && !levels.has(code) && !onPath.has(code)) {
      path.push(code);
      onPath.add(code);
      code = parentOf(tree, code);
    }
    if (code !== null && onPath.has(code)) {
      for (const one of path.slice(path.indexOf(code))) blame(tree, one, 'PARENT_CIRCLE');
    }
    let level = code === null ? 0 : (levels.get(code) ?? 0);
    for (const one of path.reverse()) {
      level += 1;
      levels.set(one, level);
      if (level === MAX_LEVELS + 1) blame(tree, one, 'PARENT_TOO_DEEP');
    }
  }
}

function blame({ drafts }: Tree, code: string, problem: 'PARENT_CIRCLE' | 'PARENT_TOO_DEEP'): void {
  const draft = drafts.get(code);
  // Its own parent is already said of it.
  if (draft === undefined || draft.text('parentCode') === code) return;
  draft.problem('parentCode', problem, { max: String(MAX_LEVELS) });
}

/**
 * Marks rows that would give two organizations below one parent the same name. One that another row gives up is taken
 * until that row is applied, so it takes a second file.
 */
export function checkNames(tree: Tree): void {
  const taken = new Map<string, string>();
  for (const { code, parentId, name } of tree.stored.values()) {
    taken.set(JSON.stringify([parentId, name]), code);
  }
  for (const [code, draft] of tree.drafts) {
    if (draft.row.problems.length > 0) continue;
    const { name } = namesOf(draft.after);
    const place = JSON.stringify([placeOf(tree, code), name]);
    const other = taken.get(place);
    if (other === undefined) taken.set(place, code);
    else if (name !== '' && other !== code) {
      draft.problem('nameZh' in draft.after ? 'nameZh' : 'name', 'NAME_TAKEN', { value: name, other });
    }
  }
}

/** The id of the parent, visible or not; the code of one that is new in this file. */
function placeOf(tree: Tree, code: string): number | string | null {
  const parent = parentOf(tree, code);
  if (parent === null) return tree.stored.get(code)?.parentId ?? null;
  return tree.stored.get(parent)?.organizationId ?? parent;
}
