import type { Feed } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';

/** How old what is known is, in words: a stale feed is said, not only coloured. */
export function FeedAge({ feed: { ageDays, stale, staleAfterDays } }: { readonly feed: Feed }) {
  const { t } = useTranslation();
  if (ageDays === null)
    return (
      <>
        <span className="feed-stale">{t('feeds.none')}</span>
        <small className="line">{t('feeds.noneMeaning')}</small>
      </>
    );
  const age = ageDays === 0 ? t('feeds.today') : t('feeds.days', { count: ageDays });
  return (
    <>
      <span className={stale ? 'feed-stale' : 'feed-fresh'}>
        {t(stale ? 'feeds.stale' : 'feeds.fresh')} · {age}
      </span>
      <small className="line">{t('feeds.limit', { count: staleAfterDays })}</small>
    </>
  );
}
