import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { useTitle } from '../ui/use-title.ts';
import { AssetsFrame, OrganizationChoice } from './AssetsFrame.tsx';
import { AssetTable } from './AssetTable.tsx';
import { type AssetSearch, readAssetSearch } from './search.ts';
import { useAssets } from './use-assets.ts';

const route = getRouteApi('/assets');

export function AssetsScreen() {
  const { t } = useTranslation();
  useTitle(t('assets.title'));
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useAssets(search);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const change = (part: { readonly [K in keyof AssetSearch]: AssetSearch[K] | undefined }) =>
    void navigate({ search: (before) => readAssetSearch({ ...before, ...part }), replace: true });
  return (
    <AssetsFrame title={t('assets.title')} organizationId={search.organizationId}>
      <search className="asset-filters" aria-label={t('assets.searchLabel')}>
        <Field id="asset-text" label={t('assets.search')}>
          <SearchBox
            id="asset-text"
            value={search.q ?? ''}
            placeholder={t('assets.searchPlaceholder')}
            onChange={(q) => change({ q })}
          />
        </Field>
        <OrganizationChoice
          allowAll
          value={search.organizationId}
          onChange={(organizationId) => change({ organizationId })}
        />
      </search>
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {list.isSuccess && items.length === 0 ? <NoAssets filtered={search.q !== undefined} /> : null}
      {items.length === 0 ? null : <AssetTable items={items} busy={list.isPlaceholderData} />}
      <p className="count" role="status">
        {items.length === 0
          ? null
          : t(list.hasNextPage ? 'assets.shownSoFar' : 'assets.shownAll', { count: items.length })}
      </p>
      {list.hasNextPage ? (
        <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
          {t('findings.more')}
        </Button>
      ) : null}
    </AssetsFrame>
  );
}

function NoAssets({ filtered }: { readonly filtered: boolean }) {
  const { t } = useTranslation();
  if (filtered) return <EmptyState title={t('assets.noMatch')} hint={t('assets.noMatchHint')} />;
  return (
    <EmptyState
      title={t('assets.none')}
      hint={t('assets.noneHint')}
      action={
        <Link className="button-link" to="/imports">
          {t('imports.title')}
        </Link>
      }
    />
  );
}
