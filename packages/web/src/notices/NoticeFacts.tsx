import { type NoticeDetail, PROPOSED_BY_SYSTEM, TLP_LABELS } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useIsCoordinator } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Fact } from '../ui/Fact.tsx';
import { When } from '../ui/When.tsx';
import { Due } from './Due.tsx';
import { LedgerFact } from './LedgerFact.tsx';

/** Who, when, until when, and the hash by which the paper is told from a forged one. */
export function NoticeFacts({ notice }: { readonly notice: NoticeDetail }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const isCoordinator = useIsCoordinator();
  const { content } = notice;
  return (
    <section className="panel" aria-labelledby="facts-title">
      <h2 id="facts-title">{t('notices.facts')}</h2>
      <dl className="pairs">
        <Fact label={t('organization.label')}>
          {isCoordinator ? (
            <Link to="/organizations/$organizationId" params={{ organizationId: notice.organization.id }}>
              <OrganizationName of={notice.organization} />
            </Link>
          ) : (
            <OrganizationName of={notice.organization} />
          )}
          {content.addressee === '' ? null : <p className="hint">{content.addressee}</p>}
        </Fact>
        <Fact label={t('notices.authority')}>{content.authority[language]}</Fact>
        {notice.dueAt === null ? null : (
          <Fact label={t(notice.dueDates > 1 ? 'notices.dueFirst' : 'notices.due')}>
            <Due at={notice.dueAt} />
            {notice.dueDates > 1 ? (
              <p className="hint">{t('notices.dueDates', { count: notice.dueDates })}</p>
            ) : null}
          </Fact>
        )}
        <Fact label={t('notices.tlp')}>
          TLP:{content.tlp}
          <p className="hint">{TLP_LABELS[content.tlp][language]}</p>
        </Fact>
        <Step
          label={t('notices.did.drafted')}
          by={notice.draftedBy ?? { name: PROPOSED_BY_SYSTEM[language] }}
          at={notice.draftedAt}
        />
        <Step label={t('notices.did.submitted')} by={null} at={notice.submittedAt} />
        <Step label={t('notices.did.approved')} by={notice.approvedBy} at={notice.approvedAt} />
        <Step label={t('notices.did.issued')} by={null} at={notice.issuedAt} />
        <Step label={t('notices.did.ended')} by={notice.endedBy} at={notice.endedAt} />
        <Other label={t('notices.refersTo')} to={notice.refersTo} />
        <Other label={t('notices.replaces')} to={notice.replaces} />
        <Other label={t('notices.supersededBy')} to={notice.supersededBy} />
        {notice.contentSha256 === null ? null : (
          <Fact label="SHA-256">
            <code>{notice.contentSha256}</code>{' '}
            <CopyButton text={notice.contentSha256} label={t('notices.copyHash')} />
            <p className="hint">
              <Link to="/notice-check" hash={notice.contentSha256}>
                {t('notices.check')}
              </Link>
            </p>
          </Fact>
        )}
        <LedgerFact of={notice.ledger} />
      </dl>
    </section>
  );
}

interface StepProps {
  readonly label: string;
  readonly by: { readonly name: string } | null;
  readonly at: string | null;
}

function Step({ label, by, at }: StepProps) {
  return at === null ? null : (
    <Fact label={label}>
      {by === null ? null : `${by.name} `}
      <When at={at} />
    </Fact>
  );
}

interface OtherProps {
  readonly label: string;
  readonly to: { readonly id: string; readonly number: string | null } | null;
}

function Other({ label, to }: OtherProps) {
  return to === null ? null : (
    <Fact label={label}>
      <Link to="/notices/$noticeId" params={{ noticeId: to.id }}>
        {to.number ?? to.id}
      </Link>
    </Fact>
  );
}
