import type { HistoryEvent } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { eventAnchor } from './event-anchor.ts';
import { TimelineEvent } from './TimelineEvent.tsx';

/** Everything that was ever said about the finding, newest first: by scans, by people, by the ledger. */
export function Timeline({ events }: { readonly events: readonly HistoryEvent[] }) {
  const { t } = useTranslation();
  return (
    <ol className="timeline" aria-label={t('finding.history')}>
      {events.map((event) => (
        <TimelineEvent key={`${eventAnchor(event)} ${event.at}`} event={event} />
      ))}
    </ol>
  );
}
