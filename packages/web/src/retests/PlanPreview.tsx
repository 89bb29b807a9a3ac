import { ENGINE_LABELS, PROBE_METHOD_LABELS, type RetestPlan } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { ReasonText } from './ReasonText.tsx';
import { WouldProve } from './ResultTable.tsx';
import { useRetestPlan } from './use-retests.ts';

/** What will be looked at, before anything is asked; and what nothing here can prove. */
export function PlanPreview({ findingIds }: { readonly findingIds: readonly string[] }) {
  const { t } = useTranslation();
  const plan = useRetestPlan(findingIds);
  return (
    <section className="plan" aria-label={t('retests.plan.title')}>
      <h3>{t('retests.plan.title')}</h3>
      {plan.isPending ? <Spin size="small" delay={300} /> : null}
      {plan.error === null ? null : <Failure error={plan.error} retry={() => void plan.refetch()} />}
      {plan.data === undefined ? null : <Plan plan={plan.data} />}
    </section>
  );
}

function Plan({ plan: { tasks, unprovable } }: { readonly plan: RetestPlan }) {
  const alike = Map.groupBy(unprovable, ({ reason, install, wouldProve }) =>
    JSON.stringify([reason, install, wouldProve]),
  );
  return (
    <>
      <ul className="rows">
        {tasks.map((task) => (
          <li key={JSON.stringify([task.engine, task.host, task.vantage, task.findingIds])}>
            <PlannedTask task={task} />
          </li>
        ))}
      </ul>
      {[...alike].flatMap(([key, [first, ...others]]) =>
        first === undefined ? [] : [<Unprovable key={key} of={first} count={others.length + 1} />],
      )}
    </>
  );
}

interface UnprovableProps {
  readonly of: RetestPlan['unprovable'][number];
  readonly count: number;
}

/** What cannot be proven here for one reason is said once. */
function Unprovable({ of: { reason, install, wouldProve }, count }: UnprovableProps) {
  const { t } = useTranslation();
  return (
    <div className="unprovable">
      {count === 1 ? null : <p>{t('retests.plan.findings', { count })}</p>}
      <ReasonText reason={reason} />
      {install === null ? null : (
        <p>
          {t('retests.plan.install')} <code>{install}</code>
        </p>
      )}
      <WouldProve ways={wouldProve} />
    </div>
  );
}

function PlannedTask({ task }: { readonly task: RetestPlan['tasks'][number] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { engine, method, host, vantage, checks, authorizationId, startsAt } = task;
  return (
    <>
      <p>
        <strong>{ENGINE_LABELS[engine][language]}</strong> · {PROBE_METHOD_LABELS[method][language]} · {host}{' '}
        · {t('retests.plan.from', { vantage })}
      </p>
      <p className="hint">
        {checks.map((check) => (
          <code key={check} className="identifier">
            {check}
          </code>
        ))}
      </p>
      {authorizationId === null ? (
        <ReasonText reason="NOT_AUTHORIZED" />
      ) : (
        <p className="hint">
          <Link to="/authorizations/$authorizationId" params={{ authorizationId }}>
            {t('retests.plan.under', { id: authorizationId })}
          </Link>
          {startsAt === null ? (
            <> {t('retests.plan.atOnce')}</>
          ) : (
            <>
              {' '}
              {t('retests.plan.startsAt')} <Moment at={startsAt} />
            </>
          )}
        </p>
      )}
    </>
  );
}
