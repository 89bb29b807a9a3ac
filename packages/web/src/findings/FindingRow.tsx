import { DECISION_LABELS, type Finding, type FindingProblem, REASON_LABELS } from '@backcheck/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import { type MouseEvent, memo } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { DueText } from '../deadlines/DueText.tsx';
import { PriorityMark } from '../deadlines/PriorityMark.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { age, localInstant } from '../ui/instant.ts';
import { SeverityMark } from '../ui/SeverityMark.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import type { FindingGroup } from './filters.ts';
import { placeOf } from './place.ts';
import { titleIn } from './title-in.ts';

interface FindingRowProps {
  readonly finding: Finding;
  /** Whether the row stands for its whole problem. */
  readonly group: FindingGroup;
  readonly isChosen: boolean;
  /** Null: there is nothing that could be done with a chosen one. */
  readonly onChoose: ((id: string, isChosen: boolean) => void) | null;
}

export const FindingRow = memo(function FindingRow({ finding, group, isChosen, onChoose }: FindingRowProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const navigate = useNavigate();
  const { name, port } = placeOf(finding);
  const { id, state, overlay, severity, title, check, reason, firstSeen, problem, due } = finding;

  const open = (event: MouseEvent) => {
    // The link opens itself, choosing is not opening, and selecting text to copy it is not a click on the row.
    if (event.target instanceof Element && event.target.closest('a, label') !== null) return;
    if (window.getSelection()?.isCollapsed === false) return;
    void navigate({ to: '/findings/$findingId', params: { findingId: id } });
  };

  return (
    <tr onClick={open} data-state={state}>
      <td className="cell-state">
        {onChoose === null ? null : (
          <label className="choose">
            <input
              type="checkbox"
              aria-label={t('findings.choose', { title })}
              checked={isChosen}
              onChange={({ target }) => onChoose(id, target.checked)}
            />
          </label>
        )}
        <StateMark state={state} />
        {overlay === null ? null : <small className="overlay">{DECISION_LABELS[overlay][language]}</small>}
      </td>
      <td className="cell-severity">
        <SeverityMark severity={severity} />
      </td>
      <td className="cell-title">
        <Link to="/findings/$findingId" params={{ findingId: id }}>
          {group === 'problem' && problem.findings > 1
            ? (problem.title?.[language] ?? title)
            : titleIn(language, title, problem.title)}
        </Link>
        <code>{check}</code>
        {group === 'problem' ? <ProblemSize problem={problem} /> : null}
      </td>
      <td className="cell-organization">
        <OrganizationName of={finding.organization} />
      </td>
      <td className="cell-asset">
        {name}
        <wbr />
        <span className="port">{port}</span>
      </td>
      <td className="cell-age">
        <time dateTime={firstSeen} title={t('findings.firstSeen', { at: localInstant(firstSeen) })}>
          {age(firstSeen, Date.now(), language)}
        </time>
      </td>
      <td className="cell-due">
        {due === null ? null : (
          <>
            <DueText due={due} />
            <PriorityMark priority={due.priority} />
          </>
        )}
      </td>
      <td className="cell-reason">
        {reason === null ? null : (
          <span title={REASON_LABELS[reason].meaning[language]} data-label={`${t('finding.why')} `}>
            {REASON_LABELS[reason].label[language]}
          </span>
        )}
      </td>
    </tr>
  );
});

/** Nothing where the problem is one finding. */
function ProblemSize({ problem: { tools, findings, open } }: { readonly problem: FindingProblem }) {
  const { t } = useTranslation();
  if (findings < 2) return null;
  const parts = [
    t('findings.ofProblem', { count: findings }),
    ...(tools > 1 ? [t('findings.tools', { count: tools })] : []),
    ...(open > 0 && open < findings ? [t('findings.openOfProblem', { count: open })] : []),
  ];
  return <span className="problem-size">{parts.join(' · ')}</span>;
}
