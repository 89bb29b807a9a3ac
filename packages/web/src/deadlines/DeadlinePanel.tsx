import {
  DEMAND_LABELS,
  type DeterminedDeadline,
  type Finding,
  type FindingDeadline,
} from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { age } from '../ui/instant.ts';
import { Moment } from '../ui/Moment.tsx';
import { ByWhen } from './ByWhen.tsx';
import { type Closing, closing } from './closing.ts';
import { DeadlineHistory } from './DeadlineHistory.tsx';
import { DeadlineReasons } from './DeadlineReasons.tsx';
import { Countdown, WaivedText } from './DueText.tsx';
import { lastMoment } from './last-moment.ts';
import { PriorityMark } from './PriorityMark.tsx';
import { useFindingDeadline } from './use-deadlines.ts';
import './deadlines.css';

/** On the page of a finding: until when, how pressing, and the facts and the rule that led to both. */
export function DeadlinePanel({ finding }: { readonly finding: Finding }) {
  const { t } = useTranslation();
  const isClosed = finding.state === 'verified-fixed';
  const { data, error, refetch } = useFindingDeadline(finding.id, !isClosed);
  if (isClosed && (data === undefined || data.history.length === 0)) return null;
  return (
    <section className="panel deadline" aria-labelledby="deadline-title">
      <h2 id="deadline-title">{t('deadlines.panel.title')}</h2>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {data === undefined ? null : (
        <>
          {data.present === null ? null : (
            <Present of={data.present} waived={finding.due?.waived ?? null} done={data.done} />
          )}
          {isClosed ? <ClosedInTime of={closing(data, finding.stateSince)} /> : null}
          {data.present === null && !isClosed ? <p className="hint">{t('deadlines.panel.notYet')}</p> : null}
          {data.present === null ? null : <WhyPriority of={data.present} feeds={data.feeds} />}
          <DeadlineHistory history={data.history} />
        </>
      )}
    </section>
  );
}

interface PresentProps {
  readonly of: DeterminedDeadline;
  readonly done: FindingDeadline['done'];
  readonly waived: NonNullable<Finding['due']>['waived'];
}

function Present({ of, waived, done }: PresentProps) {
  return (
    <>
      {waived === null ? <DueNow of={of} /> : <NothingDue of={of} waived={waived} />}
      <DeadlineReasons of={of} />
      <OtherDates of={of} done={done} />
    </>
  );
}

function DueNow({ of }: Pick<PresentProps, 'of'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { dueAt, paused, demand } = of;
  if (dueAt === null) return <p className="due-head">{t(noDate(of))}</p>;
  return (
    <>
      <p className="due-head">
        <strong>
          {DEMAND_LABELS[demand][language]}
          {language === 'zh' ? '，' : ': '}
          <ByWhen at={dueAt} />
        </strong>
        <Countdown at={dueAt} paused={paused} />
      </p>
      {paused === null ? null : <p className="hint">{t('deadlines.panel.pausedHint')}</p>}
    </>
  );
}

interface NothingDueProps extends Pick<PresentProps, 'of'> {
  readonly waived: NonNullable<PresentProps['waived']>;
}

function NothingDue({ of: { dueAt }, waived }: NothingDueProps) {
  const { t } = useTranslation();
  const [before = '', after = ''] = t('deadlines.waived.back', { at: '|' }).split('|');
  return (
    <>
      <p className="due-head">
        <strong>
          <WaivedText of={waived} />
        </strong>
      </p>
      {dueAt === null ? null : (
        <p className="hint">
          {before}
          <Moment at={lastMoment(dueAt)} />
          {after}
        </p>
      )}
    </>
  );
}

function noDate({ rule, clockBasis }: DeterminedDeadline) {
  if (rule === null) return 'deadlines.panel.notSaid';
  return clockBasis === 'acknowledged' ? 'deadlines.panel.waitsReceipt' : 'deadlines.panel.waitsNotice';
}

function OtherDates({ of, done }: Pick<PresentProps, 'of' | 'done'>) {
  const { t } = useTranslation();
  const dates = [
    { label: t('deadlines.panel.acknowledge'), at: of.acknowledgeBy, doneAt: done.acknowledged },
    { label: t('deadlines.panel.interim'), at: of.interimBy, doneAt: done.interim },
    { label: t('deadlines.panel.plan'), at: of.planBy, doneAt: done.plan },
    ...of.tasks.map(({ id, by }) => ({ label: t('deadlines.panel.task', { id }), at: by, doneAt: null })),
  ].filter(({ at }) => at !== null);
  if (dates.length === 0) return null;
  return (
    <>
      <h3>{t('deadlines.panel.others')}</h3>
      <dl className="key-facts">
        {dates.map(({ label, at, doneAt }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {at === null ? null : doneAt === null ? <ByWhen at={at} /> : <Done at={doneAt} by={at} />}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

interface DoneProps {
  readonly at: string;
  readonly by: string;
  readonly isLate?: boolean;
}

/** Done, and whether it was in time. */
function Done({ at, by, isLate = Date.parse(at) >= Date.parse(by) }: DoneProps) {
  const { t } = useTranslation();
  return (
    <>
      <span className={isLate ? 'due-over' : 'due-kept'}>
        {t(isLate ? 'deadlines.panel.doneLate' : 'deadlines.panel.done')}
      </span>{' '}
      <Moment at={at} />
    </>
  );
}

/** Of a finding that is proven gone: the last date that it had, and whether it was gone in time. */
function ClosedInTime({ of: { dueAt, at, stoodStill, isLate } }: { readonly of: Closing }) {
  const { t } = useTranslation();
  if (dueAt === null) return <p className="hint">{t('deadlines.panel.closedWithout')}</p>;
  return (
    <>
      <p>
        <ByWhen at={dueAt} />
        <br />
        {t('deadlines.panel.closed')} <Done at={at} by={dueAt} isLate={isLate} />
      </p>
      {stoodStill ? <p className="hint">{t('deadlines.panel.closedPaused')}</p> : null}
    </>
  );
}

interface WhyPriorityProps {
  readonly of: DeterminedDeadline;
  readonly feeds: FindingDeadline['feeds'];
}

function WhyPriority({ of: { priority, epss, facts }, feeds }: WhyPriorityProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const score = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <>
      <h3>
        {t('deadlines.panel.priority')}
        {language === 'zh' ? '：' : ': '}
        <PriorityMark priority={priority.priority} />
      </h3>
      <ul className="because">
        {priority.inputs.map(({ point, name, label, because }) => (
          <li key={point}>
            {name[language]}
            {language === 'zh' ? '：' : ': '}
            <strong>{label[language]}</strong>
            {language === 'zh' ? '。' : '. '}
            <span className="hint">{because[language]}</span>
          </li>
        ))}
      </ul>
      {priority.byAnalogy ? <p className="hint">{t('deadlines.panel.byAnalogy')}</p> : null}
      {epss === null ? null : (
        <p className="hint">
          {t('deadlines.panel.epss', { cve: epss.cve, score: score.format(epss.score) })}
        </p>
      )}
      {facts.cve.length === 0 ? null : <Feeds feeds={feeds} />}
    </>
  );
}

/** Names of the feeds as their publishers write them. */
const FEED_NAMES = {
  kev: 'KEV',
  epss: 'EPSS',
  nvd: 'NVD',
  cve: 'CVE',
  cnvd: 'CNVD',
  cnnvd: 'CNNVD',
} as const;

function Feeds({ feeds }: Pick<WhyPriorityProps, 'feeds'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <details>
      <summary>{t('deadlines.panel.feeds')}</summary>
      <dl className="key-facts">
        {feeds.map(({ feed, version, publishedAt, takenInAt }) => (
          <div key={feed}>
            <dt>{FEED_NAMES[feed]}</dt>
            <dd>
              {version === null
                ? t('deadlines.panel.feedMissing')
                : t('deadlines.panel.feedAge', {
                    version,
                    time: age(publishedAt ?? takenInAt ?? '', Date.now(), language),
                  })}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
