import type { RegisterImport, RowOutcome } from '@backcheck/contract';
import { Button, Spin } from 'antd';
import { useState } from 'react';
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
  const total = of.counts[outcome];
  const from = (cursors.length - 1) * PAGE_ROWS + 1;
  if (total === 0)
    return <EmptyState title={t('registers.check.none')} hint={t('registers.check.noneHint')} />;
  if (error !== null) return <Failure error={error} retry={() => void refetch()} />;
  if (isPending) return <Spin description={t('loading')} delay={300} className="screen-spin" />;
  const { items, nextCursor } = data;
  const Table = outcome === 'error' || outcome === 'conflict' ? ProblemTable : ChangeTable;
  return (
    <>
      <Table items={items} label={t(`registers.outcomes.${outcome}`)} busy={isPlaceholderData} />
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
            <Button
              disabled={cursors.length === 1}
              onClick={() => setCursors((before) => before.slice(0, -1))}
            >
              {t('registers.check.previous')}
            </Button>
            <Button
              disabled={nextCursor === null}
              loading={isPlaceholderData}
              onClick={() => setCursors((before) => (nextCursor === null ? before : [...before, nextCursor]))}
            >
              {t('registers.check.following')}
            </Button>
          </>
        ) : null}
      </div>
    </>
  );
}
