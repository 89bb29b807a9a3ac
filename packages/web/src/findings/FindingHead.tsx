import {
  DECISION_LABELS,
  type Finding,
  type HistoryEvent,
  REASON_LABELS,
  STATE_LABELS,
} from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { DueText } from '../deadlines/DueText.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { SeverityMark } from '../ui/SeverityMark.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { When } from '../ui/When.tsx';
import { eventAnchor } from './event-anchor.ts';
import { placeOf } from './place.ts';
import { titleIn } from './title-in.ts';

interface FindingHeadProps {
  readonly finding: Finding;
  readonly events: readonly HistoryEvent[];
}

export function FindingHead({ finding, events }: FindingHeadProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { state, overlay, severity, title, stateSince, due, problem } = finding;
  const { name, port } = placeOf(finding);
  const heading = titleIn(language, title, problem.title);
  return (
    <header className={`finding-head head-${state}`}>
      <p className="marks">
        <StateMark state={state} />
        {overlay === null ? null : <span className="tag">{DECISION_LABELS[overlay][language]}</span>}
        <SeverityMark severity={severity} />
        <span className="hint">
          {t('finding.since')} <When at={stateSince} />
        </span>
      </p>
      <h1>{heading}</h1>
      {heading === title ? null : <p className="hint">{title}</p>}
      <p className="place">{name + port}</p>
      {due === null ? null : (
        <p className="head-due">
          <strong>{t('finding.due')}</strong> <DueText due={due} />
        </p>
      )}
      <p>{STATE_LABELS[state].meaning[language]}</p>
      <Why finding={finding} events={events} />
    </header>
  );
}

/** Why the latest scan that could have closed it did not, and what to do: the rule made visible where it bites. */
function Why({ finding, events }: FindingHeadProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { reason, reasonScan } = finding;
  if (reason === null)
    return finding.state === 'verified-fixed' ? null : <p className="why">{t('finding.noScanTried')}</p>;
  const tried = events.find((event) => reasonScan !== null && event.scan?.sha256 === reasonScan);
  const { label, meaning, remedy } = REASON_LABELS[reason];
  return (
    <div className="why">
      <p>
        <strong>
          {t('finding.why')} {label[language]}
        </strong>{' '}
        <code>{reason}</code>
      </p>
      <p>
        {meaning[language]} {remedy[language]}
      </p>
      {tried?.scan == null ? null : (
        <p>
          {t('finding.triedBy')} <a href={`#${eventAnchor(tried)}`}>{tried.scan.fileName}</a>
          {language === 'zh' ? '，' : ', '}
          <When at={tried.at} />
        </p>
      )}
    </div>
  );
}
