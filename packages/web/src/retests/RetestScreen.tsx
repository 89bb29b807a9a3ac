import {
  ENGINE_LABELS,
  PROBE_METHOD_LABELS,
  RETEST_ORIGIN_LABELS,
  RETEST_TASK_STATE_LABELS,
  type RetestDetail,
  type RetestTask,
} from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Modal, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useIsCoordinator, useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { When } from '../ui/When.tsx';
import { ReasonText } from './ReasonText.tsx';
import { ResultTable } from './ResultTable.tsx';
import { Duration, RetestStanding } from './RetestStanding.tsx';
import { isOpen, useRetest, useStopRetest } from './use-retests.ts';
import './retests.css';

const route = getRouteApi('/retests/$retestId');

/** The record of one retest: what was asked, who looked from where, and what came of each finding. */
export function RetestScreen() {
  const { t } = useTranslation();
  const { retestId } = route.useParams();
  const { data, error, isPending, refetch } = useRetest(retestId);
  useTitle(t('retests.one', { id: retestId }));
  return (
    <div className="screen">
      <Link className="back" to="/retests">
        <span aria-hidden="true">←</span> {t('retests.back')}
      </Link>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {data === undefined ? null : (
        <>
          <div className="title-row">
            <h1>{t('retests.one', { id: data.id })}</h1>
            <StopButton retest={data} />
          </div>
          <Facts retest={data} />
          <section className="block" aria-labelledby="results-title">
            <h2 id="results-title">{t('retests.results')}</h2>
            <ResultTable results={data.findings} />
          </section>
          <section className="block" aria-labelledby="tasks-title">
            <h2 id="tasks-title">{t('retests.tasks')}</h2>
            {data.tasks.length === 0 ? (
              <p className="hint">{t('retests.noTasks')}</p>
            ) : (
              <TaskTable tasks={data.tasks} />
            )}
          </section>
        </>
      )}
    </div>
  );
}

function Facts({ retest }: { readonly retest: RetestDetail }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { organization, origin, requestedBy, requestedAt, finishedAt, waitedSeconds, note } = retest;
  return (
    <section className="panel" aria-label={t('retests.facts')}>
      <dl className="pairs">
        <div>
          <dt>{t('retests.state')}</dt>
          <dd>
            <span role="status">
              <RetestStanding of={retest} />
            </span>
          </dd>
        </div>
        <div>
          <dt>{t('organization.label')}</dt>
          <dd>
            <OrganizationName of={organization} />
          </dd>
        </div>
        <div>
          <dt>{t('retests.origin')}</dt>
          <dd>
            {RETEST_ORIGIN_LABELS[origin][language]}, {requestedBy.name}, <When at={requestedAt} />
          </dd>
        </div>
        <div>
          <dt>{t('retests.waited')}</dt>
          <dd>
            <Duration seconds={waitedSeconds} />
            {finishedAt === null ? null : (
              <>
                {' '}
                ({t('retests.until')} <When at={finishedAt} />)
              </>
            )}
            <p className="hint">{t('retests.waitedHint')}</p>
          </dd>
        </div>
        {note === null ? null : (
          <div>
            <dt>{t('retests.note')}</dt>
            <dd>{note}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function StopButton({ retest }: { readonly retest: RetestDetail }) {
  const { t } = useTranslation();
  const stop = useStopRetest();
  const [sure, setSure] = useState(false);
  const may = useMay({ object: 'retest', action: 'create' });
  const isCoordinator = useIsCoordinator();
  // What the coordinator ordered the inspected side cannot stop; its lever is the stop of the authorization.
  const mine = retest.origin === 'request' || isCoordinator;
  if (!may || !mine || !isOpen(retest)) return null;
  return (
    <>
      <Button danger onClick={() => setSure(true)}>
        {t('retests.stop')}
      </Button>
      {sure ? (
        <Modal
          open
          title={t('retests.stopTitle')}
          okText={t('retests.stop')}
          okButtonProps={{ danger: true }}
          confirmLoading={stop.isPending}
          onOk={() => stop.mutate(retest.id, { onSuccess: () => setSure(false) })}
          onCancel={() => setSure(false)}
        >
          <p>{t('retests.stopSure')}</p>
          {stop.error === null ? null : <Failure error={stop.error} />}
        </Modal>
      ) : null}
    </>
  );
}

function TaskTable({ tasks }: { readonly tasks: readonly RetestTask[] }) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked" aria-label={t('retests.tasks')}>
      <thead>
        <tr>
          <th scope="col">{t('retests.engine')}</th>
          <th scope="col">{t('retests.target')}</th>
          <th scope="col">{t('retests.from')}</th>
          <th scope="col">{t('retests.state')}</th>
          <th scope="col">{t('retests.ran')}</th>
        </tr>
      </thead>
      <tbody>
        {tasks.map((one) => (
          <TaskRow key={one.no} task={one} />
        ))}
      </tbody>
    </table>
  );
}

function TaskRow({ task }: { readonly task: RetestTask }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { engine, method, host, address, vantage, runner, state, attempts, startedAt, finishedAt } = task;
  return (
    <tr>
      <th scope="row">
        {ENGINE_LABELS[engine][language]}
        <br />
        <small>{PROBE_METHOD_LABELS[method][language]}</small>
      </th>
      <td data-label={t('retests.target')}>
        {host}
        {address === null || address === host ? null : (
          <>
            <br />
            <small>{address}</small>
          </>
        )}
        <details>
          <summary>{t('retests.checks', { count: task.checks.length })}</summary>
          {task.checks.map((check) => (
            <code key={check} className="identifier">
              {check}
            </code>
          ))}
        </details>
      </td>
      <td data-label={t('retests.from')}>
        {vantage}
        {runner === null ? null : (
          <>
            <br />
            <small>{runner}</small>
          </>
        )}
      </td>
      <td>
        {RETEST_TASK_STATE_LABELS[state][language]}
        {attempts > 1 ? <small> {t('retests.attempts', { count: attempts })}</small> : null}
        {task.reason === null ? null : <ReasonText reason={task.reason} detail={task.detail} />}
      </td>
      <td data-label={t('retests.ran')}>
        {startedAt === null ? '–' : <When at={startedAt} />}
        {finishedAt === null ? null : (
          <>
            <br />
            <When at={finishedAt} />
          </>
        )}
      </td>
    </tr>
  );
}
