import { NOTICE_BATCH_STATE_LABELS, NOTICE_KIND_LABELS } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Moment } from '../ui/Moment.tsx';
import { Pages } from '../ui/Pages.tsx';
import { useTitle } from '../ui/use-title.ts';
import { NoticeFrame } from './NoticeFrame.tsx';
import { useNoticeBatches } from './use-notices.ts';

/** Many notices that are drafted, approved and issued as one. */
export function NoticeBatchesScreen() {
  const { t } = useTranslation();
  const language = useLanguage();
  const list = useNoticeBatches();
  const mayDraft = useMay({ object: 'notice', action: 'update' });
  useTitle(t('notices.batches.title'));
  const draft = mayDraft ? (
    <Link className="button-link primary" to="/notice-batches/new">
      {t('notices.batches.new')}
    </Link>
  ) : null;
  return (
    <NoticeFrame title={t('notices.batches.title')} action={draft}>
      <p className="lead">{t('notices.batches.lead')}</p>
      <Pages
        list={list}
        empty={<EmptyState title={t('notices.batches.none')} hint={t('notices.batches.noneHint')} />}
      >
        {(items) => (
          <table className="quiet stacked" aria-label={t('notices.batches.title')}>
            <thead>
              <tr>
                <th scope="col">{t('notices.batches.name')}</th>
                <th scope="col">{t('notices.state')}</th>
                <th scope="col">{t('notices.batches.issued')}</th>
                <th scope="col">{t('notices.batches.drafted')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <tr key={one.id}>
                  <th scope="row">
                    <Link to="/notice-batches/$batchId" params={{ batchId: one.id }}>
                      {one.title}
                    </Link>
                    <br />
                    <small>{NOTICE_KIND_LABELS[one.kind][language]}</small>
                  </th>
                  <td>{NOTICE_BATCH_STATE_LABELS[one.state][language]}</td>
                  <td className="number" data-label={t('notices.batches.issued')}>
                    {one.counts.issued} / {one.counts.drafted}
                  </td>
                  <td data-label={t('notices.batches.drafted')}>
                    <Moment at={one.draftedAt} />
                    <br />
                    <small>{one.draftedBy.name}</small>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Pages>
    </NoticeFrame>
  );
}
