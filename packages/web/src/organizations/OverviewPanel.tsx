import type { OpenFindings, OrganizationPage } from '@backcheck/contract';
import { SEVERITIES, STATES } from '@backcheck/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { SeverityMark } from '../ui/SeverityMark.tsx';
import { CallList, WorkAtAGlance } from './AtAGlance.tsx';
import { openFindingsOf } from './open-findings.ts';
import { RecordView } from './record/RecordView.tsx';

/** What waits, what is open, whom to call, and what the register says. */
export function OverviewPanel({ page }: { readonly page: OrganizationPage }) {
  const { t } = useTranslation();
  const { organization, own, below, fields } = page;
  return (
    <>
      {own.openFindings === null ? null : <WorkAtAGlance organizationId={organization.id} />}
      {own.openFindings === null ? null : (
        <section className="block" aria-labelledby="open-title">
          <h2 id="open-title">{t('organizations.open.title')}</h2>
          <OpenBySeverity organizationId={organization.id} open={own.openFindings} />
          {below.organizations === 0 ? null : <Below below={below} />}
        </section>
      )}
      {own.contacts === null ? null : <CallList organizationId={organization.id} />}
      <section className="block" aria-labelledby="record-title">
        <h2 id="record-title">{t('organizations.record.title')}</h2>
        <RecordView kind="organization" fields={fields} />
      </section>
    </>
  );
}

const NOT_CLOSED = STATES.filter((state) => state !== 'verified-fixed').join(',');

function OpenBySeverity({
  organizationId,
  open,
}: {
  readonly organizationId: string;
  readonly open: OpenFindings;
}) {
  const { t } = useTranslation();
  if (openFindingsOf(open) === 0) return <p className="hint">{t('organizations.open.none')}</p>;
  return (
    <ul className="severities">
      {SEVERITIES.toReversed().map((severity) =>
        open[severity] === 0 ? null : (
          <li key={severity}>
            <Link to="/findings" search={{ organizationId, state: NOT_CLOSED, severity, groupBy: 'check' }}>
              <SeverityMark severity={severity} />
              <strong>{open[severity]}</strong>
            </Link>
          </li>
        ),
      )}
    </ul>
  );
}

function Below({ below }: { readonly below: OrganizationPage['below'] }) {
  const { t } = useTranslation();
  const open = openFindingsOf(below.openFindings);
  return (
    <p className="hint">
      {[
        t('organizations.below.organizations', { count: below.organizations }),
        ...(below.assets === null ? [] : [t('organizations.below.assets', { count: below.assets })]),
        ...(open === null ? [] : [t('organizations.below.open', { count: open })]),
      ].join(' · ')}
    </p>
  );
}
