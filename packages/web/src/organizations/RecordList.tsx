import { Button, Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';

/** As much of a query as a list needs. */
interface List {
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
  readonly hasNextPage?: boolean;
  readonly isFetchingNextPage?: boolean;
  readonly fetchNextPage?: () => unknown;
}

interface RecordListProps {
  /** null: the screen itself has it as its heading. */
  readonly title: string | null;
  readonly list: List;
  /** How many are shown. */
  readonly count: number;
  /** Said where there are none. */
  readonly none: string;
  readonly action: ReactNode;
  /** Above the list, also where it is empty. */
  readonly filters?: ReactNode;
  readonly children: ReactNode;
}

/** One section of a page: its list, what can be added, and the way to more of it. */
export function RecordList({ title, list, count, none, action, filters, children }: RecordListProps) {
  const { t } = useTranslation();
  return (
    <section className="block" {...(title === null ? {} : { 'aria-label': title })}>
      <div className="section-head">
        {title === null ? null : <h2>{title}</h2>}
        {action}
      </div>
      {filters}
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {!list.isPending && list.error === null && count === 0 ? <p className="hint">{none}</p> : null}
      <div hidden={count === 0}>{children}</div>
      {list.hasNextPage === true ? (
        <Button
          className="more"
          loading={list.isFetchingNextPage === true}
          onClick={() => void list.fetchNextPage?.()}
        >
          {t('findings.more')}
        </Button>
      ) : null}
    </section>
  );
}
