/** What a key does in the tree. */
type TreeMove =
  | { readonly kind: 'focus'; readonly item: HTMLElement | undefined }
  | { readonly kind: 'type'; readonly text: string; readonly item: HTMLElement | undefined }
  | { readonly kind: 'toggle'; readonly open: boolean }
  | { readonly kind: 'choose' };

const focus = (item: HTMLElement | undefined): TreeMove => ({ kind: 'focus', item });

const levelOf = (item: HTMLElement): number => Number(item.getAttribute('aria-level'));

/** Keys of a tree view (WAI-ARIA Authoring Practices); null: none of them. `typed` is what was typed just before. */
export function treeMove(tree: HTMLElement, here: HTMLElement, key: string, typed: string): TreeMove | null {
  const items = [...tree.querySelectorAll<HTMLElement>('[role=treeitem]')];
  const at = items.indexOf(here);
  const expanded = here.getAttribute('aria-expanded');
  switch (key) {
    case 'ArrowDown':
      return focus(items[at + 1]);
    case 'ArrowUp':
      return focus(items[at - 1]);
    case 'Home':
      return focus(items[0]);
    case 'End':
      return focus(items.at(-1));
    case 'ArrowRight':
      if (expanded === 'false') return { kind: 'toggle', open: true };
      return focus(expanded === 'true' ? items[at + 1] : here);
    case 'ArrowLeft':
      if (expanded === 'true') return { kind: 'toggle', open: false };
      return focus(items.slice(0, at).findLast((one) => levelOf(one) < levelOf(here)));
    case 'Enter':
      return { kind: 'choose' };
    case ' ':
      if (typed === '') return { kind: 'choose' };
  }
  if ([...key].length !== 1) return null;
  const text = (typed + key).toLowerCase();
  // The same letter again goes to the next one that begins with it.
  const again = [...text].every((letter) => letter === text[0]);
  const wanted = again ? (text[0] ?? '') : text;
  const start = again ? at + 1 : at;
  const inOrder = [...items.slice(start), ...items.slice(0, start)];
  const item = inOrder.find((one) => one.dataset['name']?.toLowerCase().startsWith(wanted));
  return { kind: 'type', text, item };
}
