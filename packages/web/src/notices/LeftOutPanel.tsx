import type { NoticeBatch } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { useLeftOut } from './use-notices.ts';

/** Organizations of a batch that did not get what was drafted for all, each with the reason. */
export function LeftOutPanel({ batch }: { readonly batch: NoticeBatch }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { drafted, issued, discarded } = batch.counts;
  const list = useLeftOut(batch.id, `${batch.state} ${drafted} ${issued} ${discarded}`);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.error !== null) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (items.length === 0) return null;
  return (
    <section className="left-out" aria-labelledby="left-out">
      <h2 id="left-out">{t('notices.batches.leftOut.title')}</h2>
      <table className="quiet stacked" aria-labelledby="left-out">
        <thead>
          <tr>
            <th scope="col">{t('organization.label')}</th>
            <th scope="col">{t('notices.batches.leftOut.outcome')}</th>
            <th scope="col">{t('notices.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ organization, outcome, why, code, noticeId }) => (
            <tr key={organization.id}>
              <th scope="row">
                <OrganizationName of={organization} />
              </th>
              <td data-label={t('notices.batches.leftOut.outcome')}>
                {t(`notices.batches.leftOut.${outcome}`)}
                {noticeId === null ? null : (
                  <>
                    <br />
                    <Link to="/notices/$noticeId" params={{ noticeId }}>
                      {t('notices.batches.leftOut.open')}
                    </Link>
                  </>
                )}
              </td>
              <td data-label={t('notices.reason')}>{why?.[language] ?? code ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {list.hasNextPage ? (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('findings.more')}
        </Button>
      ) : null}
    </section>
  );
}
