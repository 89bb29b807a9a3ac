import { OrganizationList } from '@backcheck/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { get, queryString } from '../app/request.ts';
import { organizationName } from '../app/use-organizations.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';

const PAGE = 50;

/** In place of the tree: the organizations with this in their name or code. */
export function FoundOrganizations({ q }: { readonly q: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const list = useInfiniteQuery({
    queryKey: ['organizations', 'search', q],
    queryFn: ({ pageParam, signal }) =>
      get(OrganizationList, `/organizations${queryString({ q, limit: PAGE, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const said = list.hasNextPage ? 'organizations.foundSoFar' : 'organizations.found';
  return (
    <>
      <p className="hint" role="status">
        {list.data === undefined ? null : t(said, { count: items.length })}
      </p>
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      <ul className="found">
        {items.map((one) => (
          <li key={one.id}>
            <Link
              to="/organizations/$organizationId"
              params={{ organizationId: one.id }}
              search={(before) => before}
            >
              <span className={one.status === 'active' ? undefined : 'gone'}>
                {organizationName(one, language)}
              </span>
              <small>{one.code}</small>
            </Link>
          </li>
        ))}
      </ul>
      {list.hasNextPage ? (
        <Button size="small" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('findings.more')}
        </Button>
      ) : null}
    </>
  );
}
