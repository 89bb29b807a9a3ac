import {
  DETERMINATION_CAUSE_LABELS,
  type FindingDeadline,
  PRIORITY_LABELS,
  ruleName,
} from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Moment } from '../ui/Moment.tsx';
import { ByWhen } from './ByWhen.tsx';

/** Everything that was ever said about the date, newest first. */
export function DeadlineHistory({ history }: Pick<FindingDeadline, 'history'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (history.length === 0) return null;
  return (
    <details>
      <summary>{t('deadlines.panel.history', { count: history.length })}</summary>
      <p className="hint">{t('deadlines.panel.historyHint')}</p>
      <ol className="rows">
        {history.map(({ no, determinedAt, cause, dueAt, priority, policy, rule }) => (
          <li key={no}>
            <Moment at={determinedAt} /> · <strong>{DETERMINATION_CAUSE_LABELS[cause][language]}</strong>
            {cause === 'closed' ? null : (
              <small>
                {dueAt === null ? t('deadlines.panel.noDate') : <ByWhen at={dueAt} />}
                {' · '}
                {PRIORITY_LABELS[priority][language]}
                {policy === null
                  ? null
                  : ` · ${policy.code} ${t('deadlines.policies.versionOf', { version: policy.version })}`}
                {rule === null ? null : ` · ${ruleName(rule)[language]}`}
              </small>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}
