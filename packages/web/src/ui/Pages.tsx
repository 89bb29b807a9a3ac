import { Button, Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from './Failure.tsx';

/** As much of an infinite query as a list needs. */
interface List<T> {
  readonly data: { readonly pages: readonly { readonly items: readonly T[] }[] } | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly isSuccess: boolean;
  readonly refetch: () => unknown;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

interface PagesProps<T> {
  readonly list: List<T>;
  /** In place of an empty list. */
  readonly empty?: ReactNode;
  /** Below the list, and read out when it changes: how many are shown, and whether there are more. */
  readonly count?: (shown: number, more: boolean) => string;
  /** On the button, where "Show more" is not enough. */
  readonly more?: string;
  /** Of all that has come so far; not asked for nothing. */
  readonly children: (items: readonly T[]) => ReactNode;
}

/** A list that comes page by page: why it does not, that it is on its way, that it is empty, or what it has and the next page. */
export function Pages<T>({ list, empty = null, count, more, children }: PagesProps<T>) {
  const { t } = useTranslation();
  const items = itemsOf(list);
  return (
    <>
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {list.isSuccess && items.length === 0 ? empty : null}
      {items.length === 0 ? null : children(items)}
      {count === undefined ? null : (
        <p className="count" role="status">
          {items.length === 0 ? null : count(items.length, list.hasNextPage)}
        </p>
      )}
      {list.hasNextPage ? (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {more ?? t('findings.more')}
        </Button>
      ) : null}
    </>
  );
}

export const itemsOf = <T,>({ data }: Pick<List<T>, 'data'>): readonly T[] =>
  data?.pages.flatMap((page) => page.items) ?? [];
