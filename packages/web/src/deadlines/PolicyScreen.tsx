import {
  CHINESE_GRADE_LABELS,
  CLOCK_START_LABELS,
  type DeadlinePolicy,
  ESCALATION_STEP_LABELS,
  PAUSE_LABELS,
  termText,
} from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Fact } from '../ui/Fact.tsx';
import { Failure } from '../ui/Failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { AssignForm } from './AssignForm.tsx';
import { Node, PolicyState } from './PoliciesScreen.tsx';
import { RuleTable } from './RuleTable.tsx';
import { useApprovePolicy, usePolicies } from './use-deadlines.ts';
import './deadlines.css';

const route = getRouteApi('/policies/$policyId');

/** One version of a policy: its rules, and where it is to hold. */
export function PolicyScreen() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { policyId } = route.useParams();
  const { data, error, isPending, refetch } = usePolicies();
  const policy = data?.items.find(({ id }) => id === policyId);
  useTitle(policy?.content.title[language] ?? t('deadlines.policies.title'));
  const versions = (data?.items ?? []).filter(
    ({ content, organizationId }) =>
      content.code === policy?.content.code && organizationId === policy.organizationId,
  );
  return (
    <div className="screen">
      <Link className="back" to="/policies">
        <span aria-hidden="true">←</span> {t('deadlines.policy.back')}
      </Link>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {policy === undefined ? null : <Details key={policy.id} of={policy} versions={versions} />}
    </div>
  );
}

interface DetailsProps {
  readonly of: DeadlinePolicy;
  readonly versions: readonly DeadlinePolicy[];
}

function Details({ of, versions }: DetailsProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const mayDraft = useMay({ object: 'policy', action: 'create' });
  const mayApprove = useMay({ object: 'policy', action: 'approve' });
  return (
    <>
      <div className="title-row">
        <h1>{of.content.title[language]}</h1>
        {mayDraft ? (
          <Link className="button-link" to="/policies/new" search={{ from: of.id } as never}>
            {t('deadlines.policy.copy')}
          </Link>
        ) : null}
      </div>
      <p className="lead">
        <code>{of.content.code}</code> · {t('deadlines.policies.versionOf', { version: of.version })} ·{' '}
        <Node id={of.organizationId} /> <PolicyState of={of} />
      </p>
      {of.approvedAt === null && mayApprove ? <Approve of={of} /> : null}
      <Terms of={of} />
      <RuleTable rules={of.content.rules} />
      <Ladder of={of} />
      {of.approvedAt !== null && mayApprove ? <AssignForm policy={of} /> : null}
      {versions.length < 2 ? null : <Versions of={of} versions={versions} />}
    </>
  );
}

function Approve({ of: { id } }: { readonly of: DeadlinePolicy }) {
  const { t } = useTranslation();
  const approve = useApprovePolicy(id);
  return (
    <section className="panel" aria-label={t('deadlines.policy.approve')}>
      <p>{t('deadlines.policy.approveHint')}</p>
      {approve.error === null ? null : <Failure error={approve.error} />}
      <Button type="primary" loading={approve.isPending} onClick={() => approve.mutate()}>
        {t('deadlines.policy.approve')}
      </Button>
    </section>
  );
}

function Terms({ of: { content } }: { readonly of: DeadlinePolicy }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const mark = language === 'zh' ? '，' : ', ';
  const { extension, pauses, neverPaused, calendar } = content;
  const grades = neverPaused.map((grade) => CHINESE_GRADE_LABELS[grade][language]).join(mark);
  return (
    <section className="panel" aria-label={t('deadlines.policy.source')}>
      <dl className="pairs">
        <Fact label={t('deadlines.policy.source')}>{content.source[language]}</Fact>
        <Fact label={t('deadlines.policies.clock')}>{CLOCK_START_LABELS[content.clockStart][language]}</Fact>
        <Fact label={t('deadlines.policy.zone')}>
          {content.timeZone}
          {mark}
          {calendar === null
            ? t('deadlines.policy.calendarDays')
            : t('deadlines.policy.calendar', { code: calendar })}
        </Fact>
        <Fact label={t('deadlines.policy.extension')}>
          {[
            t('deadlines.policy.extensionText', { most: extension.most }),
            ...(extension.upToTerm ? [t('deadlines.policy.upToTerm')] : []),
            ...(extension.needsInterim ? [t('deadlines.policy.needsInterim')] : []),
          ].join(mark)}
        </Fact>
        <Fact label={t('deadlines.policy.pauses')}>
          {[
            ...(pauses.length === 0 ? [t('deadlines.policy.noPauses')] : []),
            ...pauses.map((one) => PAUSE_LABELS[one][language]),
            ...(neverPaused.length === 0 ? [] : [t('deadlines.policy.neverPaused', { grades })]),
          ].join(mark)}
        </Fact>
      </dl>
    </section>
  );
}

function Ladder({ of: { content } }: { readonly of: DeadlinePolicy }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (content.escalation.length === 0) return null;
  const percent = new Intl.NumberFormat(language, { style: 'percent' });
  return (
    <section className="panel" aria-labelledby="ladder-title">
      <h2 id="ladder-title">{t('deadlines.policy.ladder')}</h2>
      <dl className="pairs">
        {content.escalation.map(({ step, at }) => (
          <Fact key={step} label={ESCALATION_STEP_LABELS[step][language]}>
            {'share' in at
              ? t('deadlines.policy.share', { percent: percent.format(at.share) })
              : at.after === null
                ? t('deadlines.policy.onDue')
                : t('deadlines.policy.after', { term: termText(at.after)[language] })}
          </Fact>
        ))}
      </dl>
    </section>
  );
}

function Versions({ of, versions }: DetailsProps) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="versions-title">
      <h2 id="versions-title">{t('deadlines.policy.versions')}</h2>
      <ul className="rows">
        {versions.map((one) => (
          <li key={one.id}>
            {one.id === of.id ? (
              <strong>{t('deadlines.policies.versionOf', { version: one.version })}</strong>
            ) : (
              <Link to="/policies/$policyId" params={{ policyId: one.id }}>
                {t('deadlines.policies.versionOf', { version: one.version })}
              </Link>
            )}{' '}
            <PolicyState of={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}
