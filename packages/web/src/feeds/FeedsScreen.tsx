import type { Feed } from '@backcheck/contract';
import { Button, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { RuleFrame } from '../deadlines/RuleFrame.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { useTitle } from '../ui/use-title.ts';
import { FeedAge } from './FeedAge.tsx';
import { FeedDialog } from './FeedDialog.tsx';
import { useFeeds } from './use-feeds.ts';
import './feeds.css';

/** What is known of vulnerabilities, from where, and how old it is. */
export function FeedsScreen() {
  const { t } = useTranslation();
  const list = useFeeds();
  const [open, setOpen] = useState<Feed['feed']>();
  useTitle(t('feeds.title'));
  const items = list.data?.items ?? [];
  const shown = items.find(({ feed }) => feed === open);
  return (
    <RuleFrame title={t('feeds.title')}>
      <p className="lead">{t('feeds.lead')}</p>
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {items.length === 0 ? null : <FeedTable items={items} onOpen={setOpen} />}
      {shown === undefined ? null : <FeedDialog feed={shown} onClose={() => setOpen(undefined)} />}
    </RuleFrame>
  );
}

interface FeedTableProps {
  readonly items: readonly Feed[];
  readonly onOpen: (feed: Feed['feed']) => void;
}

function FeedTable({ items, onOpen }: FeedTableProps) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked feeds" aria-label={t('feeds.title')}>
      <thead>
        <tr>
          <th scope="col">{t('feeds.feed')}</th>
          <th scope="col">{t('feeds.age')}</th>
          <th scope="col">{t('feeds.version')}</th>
          <th scope="col" className="number">
            {t('feeds.entries')}
          </th>
          <th scope="col">{t('feeds.source')}</th>
          <th scope="col" aria-label={t('feeds.manage')} />
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <FeedRow key={one.feed} feed={one} onOpen={onOpen} />
        ))}
      </tbody>
    </table>
  );
}

interface FeedRowProps {
  readonly feed: Feed;
  readonly onOpen: FeedTableProps['onOpen'];
}

function FeedRow({ feed, onOpen }: FeedRowProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const mayUpdate = useMay({ object: 'feed', action: 'update' });
  const action = mayUpdate ? t('feeds.manage') : t('feeds.history');
  const name = t(`feeds.names.${feed.feed}`);
  return (
    <tr>
      <th scope="row">
        {name}
        <br />
        <small>{t(`feeds.uses.${feed.feed}`)}</small>
      </th>
      <td data-label={t('feeds.age')}>
        <FeedAge feed={feed} />
      </td>
      <td data-label={t('feeds.version')}>
        <VersionInUse feed={feed} />
      </td>
      <td data-label={t('feeds.entries')} className="number">
        {feed.entries.toLocaleString(language)}
      </td>
      <td data-label={t('feeds.source')}>
        <Source feed={feed} />
      </td>
      <td className="row-actions">
        <Button
          aria-label={t(mayUpdate ? 'feeds.manageOf' : 'feeds.historyOf', { name })}
          onClick={() => onOpen(feed.feed)}
        >
          {action}
        </Button>
      </td>
    </tr>
  );
}

function VersionInUse({ feed: { version, publishedAt, takenInAt, takenInBy } }: Pick<FeedRowProps, 'feed'>) {
  const { t } = useTranslation();
  if (version === null || takenInAt === null) return '—';
  return (
    <>
      {version}
      <small className="line">
        {publishedAt === null ? (
          t('feeds.notPublished')
        ) : (
          <>
            {t('feeds.publishedAt')} <Moment at={publishedAt} to="day" />
          </>
        )}
      </small>
      <small className="line">
        {t('feeds.takenIn')} <Moment at={takenInAt} to="day" />
        {` · ${takenInBy?.name ?? t('feeds.fetched')}`}
      </small>
    </>
  );
}

/** From where it comes, and how the last attempt ended. */
function Source({ feed: { address, asked, failure } }: Pick<FeedRowProps, 'feed'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <>
      <span className={address === null ? 'files-only' : 'address'}>{address ?? t('feeds.filesOnly')}</span>
      {asked ? <small className="line">{t('feeds.asked')}</small> : null}
      {failure === null ? null : (
        <small className="line feed-failure">
          {t('feeds.failed')} (<Moment at={failure.at} />
          ): {failure.texts.detail[language]}
        </small>
      )}
    </>
  );
}
