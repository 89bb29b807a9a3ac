import type { Retest } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';

/** "3 findings: 1 proven, 2 still present". */
export function OutcomeCounts({ counts }: { readonly counts: Retest['counts'] }) {
  const { t } = useTranslation();
  const { findings, proven, stillPresent, inconclusive } = counts;
  const waiting = findings - proven - stillPresent - inconclusive;
  const parts = [
    { kind: 'proven', count: proven },
    { kind: 'still-present', count: stillPresent },
    { kind: 'inconclusive', count: inconclusive },
    { kind: 'waiting', count: waiting },
  ] as const;
  return (
    <ul className="outcome-counts">
      {parts.map(({ kind, count }) =>
        count === 0 ? null : (
          <li key={kind} className={`outcome-${kind}`}>
            {t(`retests.counts.${kind}`, { count })}
          </li>
        ),
      )}
    </ul>
  );
}
