import {
  assumptionText,
  DECISION_LABELS,
  EVIDENCE_LABELS,
  HISTORY_LABELS,
  type HistoryEvent,
  type HistoryKind,
  type Label,
  type Language,
  NOTICE_KIND_LABELS,
  REASON_LABELS,
  REPLY_KIND_LABELS,
  REPLY_STATE_LABELS,
  TIME_SOURCE_LABELS,
} from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
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
  notice: '¶',
  receipt: '¶',
  'notice-ended': '¶',
  reply: '›',
  ruling: '§',
  review: '§',
  'reply-ended': '›',
  'claim-signed': '›',
};

/** A presence needs no evidence class, and a certificate repeats that of its proof. */
const SHOWS_EVIDENCE: ReadonlySet<HistoryKind> = new Set(['absent', 'assumed', 'not-covered']);

const sentence = ({ label, meaning }: Label, language: Language): string =>
  `${label[language]}${language === 'zh' ? '：' : ': '}${meaning[language]}`;

export function TimelineEvent({ event }: { readonly event: HistoryEvent }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const colon = language === 'zh' ? '：' : ': ';
  const { kind, at, evidence, reason, assumptions = [], certificateId, decision } = event;
  return (
    <li id={eventAnchor(event)} tabIndex={-1} className={`event event-${kind}`} data-kind={kind}>
      <span className="sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <p className="event-title">
        <strong>
          {HISTORY_LABELS[kind][language]}
          {decision === undefined
            ? null
            : `${colon}${DECISION_LABELS[decision.kind][language]} · ${decision.by}`}
          {certificateId === undefined ? null : ` ${t('certificate.number', { id: certificateId })}`}
        </strong>
        <When at={at} />
      </p>
      <Correspondence event={event} />
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

/** The paper or the reply, to be opened, and who did it. */
function Correspondence({ event: { notice, reply, by } }: { readonly event: HistoryEvent }) {
  const language = useLanguage();
  if (notice === undefined && reply === undefined) return by === undefined ? null : <p>{by}</p>;
  return (
    <p>
      {notice === undefined ? null : (
        <Link to="/notices/$noticeId" params={{ noticeId: notice.id }}>
          {NOTICE_KIND_LABELS[notice.kind][language]} {notice.number}
        </Link>
      )}
      {reply === undefined ? null : (
        <>
          <Link to="/replies/$replyId" params={{ replyId: reply.id }}>
            {REPLY_KIND_LABELS[reply.kind][language]}
          </Link>
          {reply.state === 'made' ? null : ` · ${REPLY_STATE_LABELS[reply.state][language]}`}
        </>
      )}
      {by === undefined ? null : ` · ${by}`}
    </p>
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
