import type { Finding } from '@backcheck/contract';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { FindingRow } from './FindingRow.tsx';
import { DEFAULT_SORT, type FindingGroup, type FindingSort } from './filters.ts';
import type { Choice } from './use-choice.ts';

interface FindingTableProps {
  readonly items: readonly Finding[];
  readonly group: FindingGroup;
  readonly sort: FindingSort | undefined;
  readonly choice: Choice;
  readonly onSort: (sort: FindingSort) => void;
}

/** A plain table: loading more adds rows and draws no old one again. */
export function FindingTable({ items, group, sort = DEFAULT_SORT, choice, onSort }: FindingTableProps) {
  const { t } = useTranslation();
  return (
    <table className="findings" aria-label={t('findings.title')} onKeyDown={moveBetweenRows}>
      <thead>
        <tr>
          <Head label={t('columns.state')} />
          <SortHead
            label={t('columns.severity')}
            down="-severity"
            up="severity"
            sort={sort}
            onSort={onSort}
          />
          <Head label={t('columns.title')} />
          <Head label={t('columns.organization')} />
          <Head label={t('columns.asset')} />
          <SortHead label={t('columns.age')} down="-age" up="age" sort={sort} onSort={onSort} />
          <SortHead label={t('columns.due')} down="due" up="due" sort={sort} onSort={onSort} />
          <Head label={t('columns.reason')} />
        </tr>
      </thead>
      <tbody>
        {items.map((finding) => (
          <FindingRow
            key={finding.id}
            finding={finding}
            group={group}
            isChosen={choice.ids.has(finding.id)}
            onChoose={choice.isOffered ? choice.choose : null}
          />
        ))}
      </tbody>
    </table>
  );
}

function Head({ label }: { readonly label: string }) {
  return <th scope="col">{label}</th>;
}

interface SortHeadProps {
  readonly label: string;
  /** Most first: worst, oldest. */
  readonly down: FindingSort;
  readonly up: FindingSort;
  readonly sort: FindingSort;
  readonly onSort: (sort: FindingSort) => void;
}

function SortHead({ label, down, up, sort, onSort }: SortHeadProps) {
  const direction = sort === down ? 'descending' : sort === up ? 'ascending' : 'none';
  const arrow = { descending: '↓', ascending: '↑', none: '↕' }[direction];
  return (
    <th scope="col" aria-sort={direction}>
      <button type="button" className="sort" onClick={() => onSort(sort === down ? up : down)}>
        {label} <span aria-hidden="true">{arrow}</span>
      </button>
    </th>
  );
}

/** Arrow keys go from finding to finding; Enter opens, since the focus is on a link. */
function moveBetweenRows(event: KeyboardEvent<HTMLTableElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const row = event.target instanceof Element ? event.target.closest('tbody tr') : null;
  const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
  const link = next?.querySelector('a');
  if (!link) return;
  event.preventDefault();
  link.focus();
}
