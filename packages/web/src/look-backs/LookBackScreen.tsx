import type { LookBackDetail } from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useMay } from '../app/use-access.ts';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { useTitle } from '../ui/use-title.ts';
import { DrawFacts } from './DrawFacts.tsx';
import { DrawnFindings } from './DrawnFindings.tsx';
import { Report } from './Report.tsx';
import { RuleText } from './RuleText.tsx';
import { useLookBack, useLookBackStep } from './use-look-backs.ts';
import '../retests/retests.css';
import './look-backs.css';

const route = getRouteApi('/look-backs/$lookBackId');

export function LookBackScreen() {
  const { t } = useTranslation();
  const { lookBackId } = route.useParams();
  const { data, error, isPending, refetch } = useLookBack(lookBackId);
  useTitle(data?.title ?? t('lookBacks.title'));
  return (
    <div className="screen">
      <Link className="back" to="/look-backs">
        <span aria-hidden="true">←</span> {t('lookBacks.back')}
      </Link>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {data === undefined ? null : <Details of={data} />}
    </div>
  );
}

function Details({ of: one }: { readonly of: LookBackDetail }) {
  const { organizationId, title, rule, report } = one;
  const { t } = useTranslation();
  return (
    <>
      <h1>{title}</h1>
      <p className="lead">
        {organizationId === null ? (
          t('lookBacks.everything')
        ) : (
          <OrganizationName of={{ id: organizationId, name: '' }} />
        )}
        {' · '}
        <RuleText rule={rule} />
      </p>
      <Progress of={one} />
      <NextStep of={one} />
      {report === null ? null : <Report report={report} lookBack={one} />}
      <DrawFacts of={one} />
      {report === null ? null : <DrawnFindings of={one} />}
    </>
  );
}

const STEPS = ['published', 'drawn', 'running', 'done'] as const;

function Progress({
  of: { state, publishedAt, drawnAt, startedAt, finishedAt },
}: {
  readonly of: LookBackDetail;
}) {
  const { t } = useTranslation();
  const moments = { published: publishedAt, drawn: drawnAt, running: startedAt, done: finishedAt };
  return (
    <ol className="look-back-steps" aria-label={t('lookBacks.progress')}>
      {STEPS.map((step) => {
        const at = moments[step];
        return (
          <li
            key={step}
            className={at === null ? 'ahead' : 'reached'}
            aria-current={step === state ? 'step' : undefined}
          >
            <strong>{t(`lookBacks.states.${step}`)}</strong>
            {at === null ? null : <Moment at={at} />}
          </li>
        );
      })}
    </ol>
  );
}

/** What comes next, in one button, for whoever may. */
function NextStep({ of: { id, state } }: { readonly of: LookBackDetail }) {
  const { t } = useTranslation();
  const may = useMay({ object: 'campaign', action: 'update' });
  const step = useLookBackStep(id);
  if (!may || (state !== 'published' && state !== 'drawn')) return null;
  const next = state === 'published' ? 'draw' : 'start';
  return (
    <section className="panel" aria-label={t('lookBacks.next')}>
      <p>{t(`lookBacks.steps.${next}Hint`)}</p>
      {step.error === null ? null : <Failure error={step.error} />}
      <Button type="primary" loading={step.isPending} onClick={() => step.mutate(next)}>
        {t(`lookBacks.steps.${next}`)}
      </Button>
    </section>
  );
}
