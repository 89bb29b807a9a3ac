import type { RegisterImport, RowOutcome } from '@backcheck/contract';
import { Button, Spin } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Failure } from '../ui/Failure.tsx';
import { ChangeTable } from './ChangeTable.tsx';
import { ProblemTable } from './ProblemTable.tsx';
import { PAGE_ROWS, useStagedRows } from './use-register-imports.ts';

interface StagedRowsProps {
  readonly of: RegisterImport;
  readonly outcome: RowOutcome;
}

/** One page of rows at a time: a file may have a hundred thousand. */
export function StagedRows({ of, outcome }: StagedRowsProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  // Where each page began, so that one can go back.
  const [cursors, setCursors] = useState<readonly (string | undefined)[]>([undefined]);
  const { data, error, isPending, isPlaceholderData, refetch } = useStagedRows(of, outcome, cursors.at(-1));
  const top = useRef<HTMLElement>(null);
  const label = t(`registers.outcomes.${outcome}`);
  const total = of.counts[outcome];
  const from = (cursors.length - 1) * PAGE_ROWS + 1;
  if (total === 0)
    return <EmptyState title={t('registers.check.none')} hint={t('registers.check.noneHint')} />;
  if (error !== null) return <Failure error={error} retry={() => void refetch()} />;
  if (isPending) return <Spin description={t('loading')} delay={300} className="screen-spin" />;
  const { items, nextCursor } = data;
  const Table = outcome === 'error' || outcome === 'conflict' ? ProblemTable : ChangeTable;
  const go = (next: readonly (string | undefined)[]) => {
    setCursors(next);
    // Reading goes on at the first of the new rows.
    top.current?.focus({ preventScroll: true });
    top.current?.scrollIntoView({ block: 'start' });
  };
  return (
    <section ref={top} className="staged-rows" tabIndex={-1} aria-label={label}>
      <Table items={items} label={label} busy={isPlaceholderData} />
      <div className="pager">
        <p role="status">
          {t('registers.check.page', {
            from: from.toLocaleString(language),
            to: (from + items.length - 1).toLocaleString(language),
            total: total.toLocaleString(language),
          })}
        </p>
        {total > PAGE_ROWS ? (
          <>
            <Button disabled={cursors.length === 1} onClick={() => go(cursors.slice(0, -1))}>
              {t('registers.check.previous')}
            </Button>
            <Button
              disabled={nextCursor === null || isPlaceholderData}
              onClick={() => go([...cursors, nextCursor ?? undefined])}
            >
              {t('registers.check.following')}
            </Button>
          </>
        ) : null}
      </div>
    </section>
  );
}
