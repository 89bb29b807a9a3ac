import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Field } from '../ui/Field.tsx';
import { Pages } from '../ui/Pages.tsx';
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
      <Pages
        list={list}
        empty={<NoAssets filtered={search.q !== undefined} />}
        count={(count, more) => t(more ? 'assets.shownSoFar' : 'assets.shownAll', { count })}
      >
        {(items) => <AssetTable items={items} busy={list.isPlaceholderData} />}
      </Pages>
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
