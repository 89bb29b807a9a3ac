import { type Finding, NOTICE_KIND_LABELS } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Moment } from '../ui/Moment.tsx';
import { NoticeStateMark } from './NoticeStateMark.tsx';
import { titleOf } from './title-of.ts';
import { useNoticesOf } from './use-notices.ts';
import './notices.css';

/** On the page of a finding: the papers that name it, and the way to one that does. */
export function FindingNoticesPanel({ finding }: { readonly finding: Finding }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const mayRead = useMay({ object: 'notice', action: 'read' });
  const mayDraft = useMay({ object: 'notice', action: 'create' });
  const { data } = useNoticesOf(finding.id, mayRead);
  const items = data?.items ?? [];
  if (!mayRead || (items.length === 0 && !mayDraft)) return null;
  return (
    <section className="panel" aria-labelledby="finding-notices">
      <h2 id="finding-notices">{t('notices.title')}</h2>
      {items.length === 0 ? <p className="hint">{t('notices.noneOfFinding')}</p> : null}
      <ul className="rows">
        {items.map((one) => (
          <li key={one.id}>
            <Link to="/notices/$noticeId" params={{ noticeId: one.id }}>
              {one.number ?? titleOf(one, language)}
            </Link>
            <br />
            <small>
              {NOTICE_KIND_LABELS[one.kind][language]} · <NoticeStateMark state={one.state} /> ·{' '}
              <Moment at={one.issuedAt ?? one.draftedAt} to="day" />
            </small>
          </li>
        ))}
      </ul>
      {mayDraft && finding.state !== 'verified-fixed' ? (
        <p>
          <Link
            to="/notices/new"
            search={{
              kind: 'rectification',
              organizationId: finding.organization.id,
              findingIds: finding.id,
            }}
          >
            {t('notices.draft')}
          </Link>
        </p>
      ) : null}
    </section>
  );
}
