import {
  type Language,
  NOTICE_KIND_LABELS,
  REPLY_KIND_LABELS,
  WORK_KIND_LABELS,
  type WorkItem,
} from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { age } from '../ui/instant.ts';
import { Moment } from '../ui/Moment.tsx';
import { WhoToCall } from './WhoToCall.tsx';

export function WaitingTable({ items }: { readonly items: readonly WorkItem[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = Date.now();
  return (
    <table className="quiet stacked" aria-label={t('work.items')}>
      <thead>
        <tr>
          <th scope="col">{t('work.what')}</th>
          <th scope="col">{t('organization.label')}</th>
          <th scope="col">{t('work.since')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={`${one.kind}-${one.id}-${one.since}-${one.what ?? ''}`}>
            <th scope="row">
              <ItemLink of={one} language={language} />
              <br />
              <small>
                {one.findings === null
                  ? namesOf(one, language)
                  : t('work.openFindings', { count: one.findings })}
              </small>
            </th>
            <td data-label={t('organization.label')}>
              {one.organization === null ? t('work.everywhere') : <WhoToCall of={one.organization} />}
            </td>
            <td data-label={t('work.since')}>
              <Moment at={one.since} />
              <br />
              <small>{age(one.since, now, language)}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ItemLink({ of: { kind, id }, language }: { readonly of: WorkItem; readonly language: Language }) {
  const mayDraft = useMay({ object: 'notice', action: 'create' });
  const label = WORK_KIND_LABELS[kind][language];
  if (kind === 'unnoticed')
    return mayDraft ? (
      <Link
        to="/notices/new"
        search={{ kind: 'rectification', organizationId: id, which: 'unnoticed-urgent' }}
      >
        {label}
      </Link>
    ) : (
      <Link to="/findings" search={{ organizationId: id, severity: 'critical,high', turn: 'us' }}>
        {label}
      </Link>
    );
  if (kind === 'reply' || kind === 'review' || kind === 'signature')
    return (
      <Link to="/replies/$replyId" params={{ replyId: id }}>
        {label}
      </Link>
    );
  if (kind === 'batch-to-approve' || kind === 'batch-to-issue')
    return (
      <Link to="/notice-batches/$batchId" params={{ batchId: id }}>
        {label}
      </Link>
    );
  if (kind === 'retest')
    return (
      <Link to="/retests/$retestId" params={{ retestId: id }}>
        {label}
      </Link>
    );
  if (kind === 'inconclusive' || kind === 'returned')
    return (
      <Link to="/findings/$findingId" params={{ findingId: id }}>
        {label}
      </Link>
    );
  return (
    <Link to="/notices/$noticeId" params={{ noticeId: id }}>
      {label}
    </Link>
  );
}

function namesOf({ what, replyKind, noticeKind }: WorkItem, language: Language): string {
  const names = [
    replyKind === null ? null : REPLY_KIND_LABELS[replyKind][language],
    noticeKind === null ? null : NOTICE_KIND_LABELS[noticeKind][language],
    what,
  ];
  return names.filter((one) => one !== null).join(' · ');
}
