import { NOTICE_KIND_LABELS, type Notice } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Moment } from '../ui/Moment.tsx';
import { Due } from './Due.tsx';
import { NoticeStateMark } from './NoticeStateMark.tsx';
import { titleOf } from './title-of.ts';

export function NoticeTable({ items }: { readonly items: readonly Notice[] }) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked notices" aria-label={t('notices.title')}>
      <thead>
        <tr>
          <th scope="col">{t('notices.number')}</th>
          <th scope="col">{t('organization.label')}</th>
          <th scope="col">{t('notices.state')}</th>
          <th scope="col">{t('notices.findings')}</th>
          <th scope="col">{t('notices.due')}</th>
          <th scope="col">{t('notices.received')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <NoticeRow key={one.id} notice={one} />
        ))}
      </tbody>
    </table>
  );
}

function NoticeRow({ notice }: { readonly notice: Notice }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <tr>
      <th scope="row">
        <Link to="/notices/$noticeId" params={{ noticeId: notice.id }}>
          {notice.number ?? titleOf(notice, language)}
        </Link>
        <br />
        <small>
          {NOTICE_KIND_LABELS[notice.kind][language]}
          {notice.number === null ? null : ` · ${titleOf(notice, language)}`}
        </small>
      </th>
      <td data-label={t('organization.label')}>
        <OrganizationName of={notice.organization} />
      </td>
      <td>
        <NoticeStateMark state={notice.state} />
        <br />
        <small>
          <Moment at={notice.issuedAt ?? notice.draftedAt} to="day" />
        </small>
      </td>
      <td className="number" data-label={t('notices.findings')}>
        {notice.findings}
      </td>
      <td data-label={t('notices.due')}>
        {notice.dueAt === null ? '–' : <Due at={notice.dueAt} />}
        {notice.dueDates > 1 ? (
          <>
            <br />
            <small>{t('notices.dueDates', { count: notice.dueDates })}</small>
          </>
        ) : null}
      </td>
      <td data-label={t('notices.received')}>
        <Received notice={notice} />
      </td>
    </tr>
  );
}

/** Silence is not receipt, so it is said. */
function Received({ notice }: { readonly notice: Notice }) {
  const { t } = useTranslation();
  if (notice.issuedAt === null) return <>–</>;
  if (notice.receivedAt === null) return <span className="not-received">{t('notices.notReceived')}</span>;
  return <Moment at={notice.receivedAt} />;
}
