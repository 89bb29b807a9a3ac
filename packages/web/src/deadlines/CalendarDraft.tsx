import type { Calendar } from '@backcheck/contract';
import { type ChangedDay, calendarDifference } from '@backcheck/core';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Fact } from '../ui/Fact.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Node } from './PoliciesScreen.tsx';
import { PreviewTable } from './PreviewTable.tsx';
import { useApproveCalendar, usePreviewCalendar } from './use-deadlines.ts';

interface CalendarDraftProps {
  readonly of: Calendar;
  /** What it would take the place of; null: there is none of its code. */
  readonly before: Calendar | null;
}

const NO_DAYS = { holidays: [], makeUpDays: [] };

/** A version that waits for its approval: what differs, which dates would move, and then the word of a second person. */
export function CalendarDraft({ of, before }: CalendarDraftProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const mayApprove = useMay({ object: 'policy', action: 'approve' });
  const { content, version, takenInBy } = of;
  const changes = calendarDifference(before?.content ?? NO_DAYS, content);
  const years = ({ content: { validFrom, validTo } }: Calendar) => `${validFrom}–${validTo}`;
  return (
    <section className="panel calendar-draft" aria-labelledby={`calendar-draft-${of.id}`}>
      <h2 id={`calendar-draft-${of.id}`}>
        {content.title[language]} <small className="hint">{t('deadlines.calendars.waits')}</small>
      </h2>
      <dl className="pairs">
        <Fact label={t('deadlines.policies.of')}>
          <Node id={of.organizationId} />
          {' · '}
          <code>{content.code}</code>{' '}
          {t('deadlines.calendars.version', { version, by: takenInBy?.name ?? '' })}
        </Fact>
        <Fact label={t('deadlines.calendars.source')}>{content.source[language]}</Fact>
        <Fact label={t('deadlines.calendars.years')}>
          {before === null || years(before) === years(of) ? years(of) : `${years(before)} → ${years(of)}`}
        </Fact>
      </dl>
      <h3>{t('deadlines.calendars.changes', { count: changes.length })}</h3>
      {before !== null && `${before.content.weekend}` !== `${content.weekend}` ? (
        <p>{t('deadlines.calendars.weekendChanges')}</p>
      ) : null}
      <Changes of={changes} />
      {mayApprove ? (
        <ApproveCalendar of={of} />
      ) : (
        <p className="hint">{t('deadlines.calendars.approveHint')}</p>
      )}
    </section>
  );
}

function Changes({ of }: { readonly of: readonly ChangedDay[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (of.length === 0) return <p className="hint">{t('deadlines.calendars.noChanges')}</p>;
  return (
    <ul className="calendar-changes">
      {of.map(({ day, name, list, change }) => (
        <li key={`${day} ${list} ${change}`}>
          <strong>{t(`deadlines.calendars.change.${change}`)}</strong> {day} {name[language]}{' '}
          <span className="hint">{t(`deadlines.calendars.lists.${list}`)}</span>
        </li>
      ))}
    </ul>
  );
}

function ApproveCalendar({ of: { id } }: Pick<CalendarDraftProps, 'of'>) {
  const { t } = useTranslation();
  const preview = usePreviewCalendar(id);
  const approve = useApproveCalendar(id);
  const error = preview.error ?? approve.error;
  return (
    <>
      <p className="hint">{t('deadlines.calendars.approveHint')}</p>
      {preview.data === undefined ? null : <PreviewTable of={preview.data} />}
      <div className="actions">
        <Button loading={preview.isPending} onClick={() => preview.mutate()}>
          {t('deadlines.policy.preview')}
        </Button>
        <Button
          type="primary"
          disabled={preview.data?.state !== 'done'}
          loading={approve.isPending}
          onClick={() => approve.mutate()}
        >
          {t('deadlines.policy.approve')}
        </Button>
      </div>
      {error === null ? null : <Failure error={error} />}
    </>
  );
}
