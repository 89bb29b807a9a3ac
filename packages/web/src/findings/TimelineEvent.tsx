import {
  assumptionText,
  DECISION_LABELS,
  EVIDENCE_LABELS,
  HISTORY_LABELS,
  type HistoryEvent,
  type HistoryKind,
  type Label,
  type Language,
  REASON_LABELS,
  TIME_SOURCE_LABELS,
} from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { When } from '../ui/When.tsx';
import { eventAnchor } from './event-anchor.ts';

/** A sign for each kind, drawn in the line of the timeline; the words beside it say the same. */
const SIGNS: Record<HistoryKind, string> = {
  present: '●',
  absent: '✓',
  'not-covered': '–',
  assumed: '~',
  decision: '§',
  certificate: '★',
  superseded: '✗',
};

/** A presence needs no evidence class, and a certificate repeats that of its proof. */
const SHOWS_EVIDENCE: ReadonlySet<HistoryKind> = new Set(['absent', 'assumed', 'not-covered']);

const sentence = ({ label, meaning }: Label, language: Language): string =>
  `${label[language]}${language === 'zh' ? '：' : ': '}${meaning[language]}`;

export function TimelineEvent({ event }: { readonly event: HistoryEvent }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { kind, at, evidence, reason, assumptions = [], certificateId, decision } = event;
  return (
    <li id={eventAnchor(event)} tabIndex={-1} className={`event event-${kind}`} data-kind={kind}>
      <span className="sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <p className="event-title">
        <strong>
          {HISTORY_LABELS[kind][language]}
          {decision === undefined ? null : `: ${DECISION_LABELS[decision.kind][language]}, ${decision.by}`}
          {certificateId === undefined ? null : ` ${t('certificate.number', { id: certificateId })}`}
        </strong>
        <When at={at} />
      </p>
      {reason === undefined ? null : <p>{sentence(REASON_LABELS[reason], language)}</p>}
      {evidence === undefined || !SHOWS_EVIDENCE.has(kind) ? null : (
        <p>{sentence(EVIDENCE_LABELS[evidence], language)}</p>
      )}
      {assumptions.map((name) => (
        <p key={name}>
          {t('event.assumption')} {assumptionText(name)[language]} <code>{name}</code>
        </p>
      ))}
      <EventScan scan={event.scan} />
    </li>
  );
}

function EventScan({ scan }: Pick<HistoryEvent, 'scan'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (scan === null) return null;
  return (
    <ul className="facts">
      <li>{scan.toolVersion === null ? scan.tool : `${scan.tool} ${scan.toolVersion}`}</li>
      <li>{TIME_SOURCE_LABELS[scan.timeSource][language]}</li>
      <li className="file-name">{scan.fileName}</li>
      <li>
        {t('event.imported')} <When at={scan.importedAt} />
      </li>
      <li title={scan.sha256}>
        SHA-256 <code>{scan.sha256.slice(0, 12)}…</code>
      </li>
    </ul>
  );
}
