import { getRouteApi } from '@tanstack/react-router';
import { Button, Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { useTitle } from '../ui/use-title.ts';
import { AccountTable } from './AccountTable.tsx';
import { InviteButton } from './InviteButton.tsx';
import { PeopleFrame } from './PeopleFrame.tsx';
import { readPeopleSearch } from './search.ts';
import { useAccounts } from './use-people.ts';

const route = getRouteApi('/people');

export function PeopleScreen() {
  const { t } = useTranslation();
  useTitle(t('people.title'));
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useAccounts(search);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <PeopleFrame title={t('people.title')} action={<InviteButton />}>
      <search className="people-search" aria-label={t('people.searchLabel')}>
        <Field id="people-text" label={t('people.search')}>
          <SearchBox
            id="people-text"
            value={search.text ?? ''}
            placeholder={t('people.searchPlaceholder')}
            onChange={(text) => void navigate({ search: readPeopleSearch({ text }), replace: true })}
          />
        </Field>
      </search>
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {list.isSuccess && items.length === 0 ? (
        <EmptyState title={t('people.none')} hint={t('people.noneHint')} />
      ) : null}
      {items.length === 0 ? null : <AccountTable items={items} busy={list.isPlaceholderData} />}
      <p className="count" role="status">
        {items.length === 0
          ? null
          : t(list.hasNextPage ? 'people.shownSoFar' : 'people.shownAll', { count: items.length })}
      </p>
      {list.hasNextPage ? (
        <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
          {t('findings.more')}
        </Button>
      ) : null}
    </PeopleFrame>
  );
}
