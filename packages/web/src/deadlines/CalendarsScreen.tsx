import type { Calendar, Language } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Button, Segmented, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Fact } from '../ui/Fact.tsx';
import { Failure } from '../ui/Failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { CalendarDraft } from './CalendarDraft.tsx';
import { CalendarUpload } from './CalendarUpload.tsx';
import { Node } from './PoliciesScreen.tsx';
import { RuleFrame } from './RuleFrame.tsx';
import { useCalendars } from './use-deadlines.ts';
import './deadlines.css';

/** Which days are working days, year by year. */
export function CalendarsScreen() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useCalendars();
  const mayTakeIn = useMay({ object: 'policy', action: 'create' });
  useTitle(t('deadlines.calendars.title'));
  const items = data?.items ?? [];
  const newest = newestCalendars(items.filter(({ approvedAt }) => approvedAt !== null));
  const drafts = newestCalendars(items).filter(({ approvedAt }) => approvedAt === null);
  return (
    <RuleFrame title={t('deadlines.calendars.title')}>
      <p className="lead">{t('deadlines.calendars.lead')}</p>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {drafts.map((draft) => (
        <CalendarDraft
          key={draft.id}
          of={draft}
          before={items.find(({ id }) => id === draft.replacesId) ?? null}
        />
      ))}
      {newest.map((calendar) => (
        <CalendarPanel key={calendar.id} of={calendar} />
      ))}
      {mayTakeIn && newest.length > 0 ? <CalendarUpload calendars={newest} /> : null}
    </RuleFrame>
  );
}

/** They come with the newest version of each first. */
function newestCalendars(items: readonly Calendar[]): Calendar[] {
  const key = ({ organizationId, content: { code } }: Calendar) => `${organizationId} ${code}`;
  return items.filter((one, index) => items.findIndex((other) => key(other) === key(one)) === index);
}

function CalendarPanel({ of }: { readonly of: Calendar }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { content, version, takenInBy, usedBy } = of;
  const by = takenInBy?.name ?? t('deadlines.calendars.shipped');
  const weekend = content.weekend
    .map((day) => weekdayName(day, language))
    .join(language === 'zh' ? '、' : ', ');
  return (
    <section className="panel" aria-labelledby={`calendar-${of.id}`}>
      <h2 id={`calendar-${of.id}`}>{content.title[language]}</h2>
      <dl className="pairs">
        <Fact label={t('deadlines.policies.of')}>
          <Node id={of.organizationId} />
          {' · '}
          <code>{content.code}</code> {t('deadlines.calendars.version', { version, by })}
        </Fact>
        <Fact label={t('deadlines.calendars.source')}>{content.source[language]}</Fact>
        {weekend === '' ? null : <Fact label={t('deadlines.calendars.weekend')}>{weekend}</Fact>}
        <Fact label={t('deadlines.calendars.usedBy')}>
          {usedBy.length === 0 ? t('deadlines.calendars.unused') : null}
          {usedBy.map(({ id, title }) => (
            <div key={id}>
              <Link to="/policies/$policyId" params={{ policyId: id }}>
                {title[language]}
              </Link>
            </div>
          ))}
        </Fact>
      </dl>
      <Years of={of} />
    </section>
  );
}

/** 1 Monday to 7 Sunday; the first of January 2024 was a Monday. */
const weekdayName = (day: number, language: Language): string =>
  new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day));

function Years({ of: { content } }: { readonly of: Calendar }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const days = [...content.holidays, ...content.makeUpDays];
  const years = [...new Set(days.map(({ day }) => day.slice(0, 4)))].sort();
  const now = `${new Date().getFullYear()}`;
  const [year, setYear] = useState(years.includes(now) ? now : (years.at(-1) ?? now));
  if (years.length === 0) return null;
  return (
    <>
      <Segmented
        className="calendar-years"
        aria-label={t('deadlines.calendars.year')}
        value={year}
        options={years}
        onChange={setYear}
      />
      <div className="calendar-days">
        <Days title={t('deadlines.calendars.holidays')} days={inYear(content.holidays, year)} />
        <Days title={t('deadlines.calendars.makeUp')} days={inYear(content.makeUpDays, year)} />
      </div>
      <p className="hint">
        {t('deadlines.calendars.known', { from: content.validFrom, to: content.validTo })}
        {language === 'zh' ? '。' : '.'}
      </p>
    </>
  );
}

type NamedDays = Calendar['content']['holidays'];
const inYear = (days: NamedDays, year: string): NamedDays => days.filter(({ day }) => day.startsWith(year));

/** So many are seen without a click: the holidays of a year in China are some thirty. */
const SHOWN = 60;

function Days({ title, days }: { readonly title: string; readonly days: NamedDays }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [all, setAll] = useState(false);
  const name = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' });
  return (
    <div>
      <h3>
        {title} <small className="hint">{days.length}</small>
      </h3>
      {days.length === 0 ? <p className="hint">{t('deadlines.calendars.none')}</p> : null}
      <ul>
        {days.slice(0, all ? days.length : SHOWN).map(({ day, name: of }) => (
          <li key={day}>
            <span>{day}</span>
            <span className="hint">{name.format(new Date(`${day}T00:00:00Z`))}</span>
            <span>{of[language]}</span>
          </li>
        ))}
      </ul>
      {days.length > SHOWN && !all ? (
        <Button type="link" onClick={() => setAll(true)}>
          {t('findings.more')}
        </Button>
      ) : null}
    </div>
  );
}
