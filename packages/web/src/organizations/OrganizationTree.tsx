import type { OrganizationNode } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Button, Spin } from 'antd';
import { Fragment, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { organizationName, useOrganizationPage } from '../app/use-organizations.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { openFindingsOf } from './open-findings.ts';
import { treeMove } from './tree-move.ts';
import { useChildren } from './use-registers.ts';

interface TreeState {
  readonly chosen: string | undefined;
  /** The one item that Tab reaches. */
  readonly active: string | undefined;
  readonly open: ReadonlySet<string>;
  readonly onToggle: (id: string, open: boolean) => void;
  readonly onActive: (id: string) => void;
}

const TYPED_MILLISECONDS = 700;
/** Pixels that a level lies further in. */
const STEP = 18;

/** The tree as WAI-ARIA describes it: arrows, Home, End and typing the beginning of a name. Children come when asked for. */
export function OrganizationTree({ chosen }: { readonly chosen: string | undefined }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [active, setActive] = useState<string | undefined>(chosen);
  const typed = useRef({ text: '', at: 0 });
  const tree = useRef<HTMLDivElement>(null);
  // What leads to the chosen one is open until somebody closes it.
  const above = useOrganizationPage(chosen).data?.path.map(({ id }) => id) ?? [];
  const open = new Set(above.filter((id) => opened.get(id) !== false));
  for (const [id, is] of opened) if (is) open.add(id);

  // Where the active one is not on screen (closed away, not loaded yet), Tab reaches the first.
  useEffect(() => {
    if (tree.current?.querySelector('[role=treeitem][tabindex="0"]') !== null) return;
    const first = tree.current.querySelector<HTMLElement>('[role=treeitem]')?.dataset['id'];
    if (first !== undefined) setActive(first);
  });

  const toggle = (id: string, to: boolean) => setOpened((before) => new Map(before).set(id, to));
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const here =
      event.target instanceof Element ? event.target.closest<HTMLElement>('[role=treeitem]') : null;
    if (here === null || tree.current === null) return;
    const { text, at } = typed.current;
    const before = event.timeStamp - at < TYPED_MILLISECONDS ? text : '';
    const move = treeMove(tree.current, here, event.key, before);
    if (move === null) return;
    event.preventDefault();
    if (move.kind === 'toggle') toggle(here.dataset['id'] ?? '', move.open);
    if (move.kind === 'choose') here.querySelector('a')?.click();
    typed.current = { text: move.kind === 'type' ? move.text : '', at: event.timeStamp };
    if (move.kind === 'focus' || move.kind === 'type') move.item?.focus();
  };
  return (
    <div ref={tree} role="tree" className="tree" aria-label={t('organizations.tree')} onKeyDown={onKeyDown}>
      <Branch
        parent="none"
        level={1}
        size={null}
        state={{ chosen, active, open, onToggle: toggle, onActive: setActive }}
      />
    </div>
  );
}

interface BranchProps {
  readonly parent: string;
  /** 1: the topmost. */
  readonly level: number;
  /** How many there are; null: not known. */
  readonly size: number | null;
  readonly state: TreeState;
}

/** Items of one level, each followed by those below it: a tree is one list whose items say their level. */
function Branch({ parent, level, size, state }: BranchProps) {
  const { t } = useTranslation();
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } =
    useChildren(parent);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  // -1: WAI-ARIA for "nobody knows yet".
  const setSize = size ?? (hasNextPage ? -1 : items.length);
  return (
    <>
      {items.map((node, at) => (
        <Fragment key={node.id}>
          <TreeItem node={node} place={{ level, position: at + 1, setSize }} state={state} />
          {node.children > 0 && state.open.has(node.id) ? (
            <Branch parent={node.id} level={level + 1} size={node.children} state={state} />
          ) : null}
        </Fragment>
      ))}
      {isPending ? <Spin size="small" delay={300} /> : null}
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {hasNextPage ? (
        <div className="tree-more" style={{ paddingLeft: level * STEP }}>
          <Button size="small" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('findings.more')}
          </Button>
        </div>
      ) : null}
    </>
  );
}

interface TreeItemProps {
  readonly node: OrganizationNode;
  readonly place: { readonly level: number; readonly position: number; readonly setSize: number };
  readonly state: TreeState;
}

function TreeItem({ node, place: { level, position, setSize }, state }: TreeItemProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { id, children, below } = node;
  const open = children > 0 && state.open.has(id);
  const name = organizationName(node, language);
  const count = openFindingsOf(below.openFindings);
  return (
    <div
      role="treeitem"
      className="tree-row"
      style={{ paddingLeft: (level - 1) * STEP }}
      data-id={id}
      data-name={name}
      tabIndex={state.active === id ? 0 : -1}
      aria-level={level}
      aria-posinset={position}
      aria-setsize={setSize}
      aria-selected={state.chosen === id}
      {...(children > 0 ? { 'aria-expanded': open } : {})}
      onFocus={() => state.onActive(id)}
    >
      {/* Arrows do this for the keyboard. */}
      <span
        className="tree-toggle"
        aria-hidden="true"
        onClick={children === 0 ? undefined : () => state.onToggle(id, !open)}
      >
        {children === 0 ? null : open ? '▾' : '▸'}
      </span>
      <Link
        to="/organizations/$organizationId"
        params={{ organizationId: id }}
        search={(before) => before}
        tabIndex={-1}
      >
        <span className={node.status === 'active' ? undefined : 'gone'}>{name}</span>
        {count === null || count === 0 ? null : (
          <span className="tree-count" title={t('organizations.openBelow', { count })}>
            {count}
            <span className="only-spoken"> {t('organizations.openSpoken')}</span>
          </span>
        )}
      </Link>
    </div>
  );
}
