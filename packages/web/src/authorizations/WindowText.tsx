import type { Authorization } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';

/** 5 January 1970 was a Monday: day 1 of ISO 8601. */
export function dayName(day: number, language: 'zh' | 'en'): string {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(
    Date.UTC(1970, 0, 4 + day),
  );
}

export function WindowText({ windows, timeZone }: Pick<Authorization, 'windows' | 'timeZone'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (windows.length === 0) return <>{t('authorizations.anyTime')}</>;
  return (
    <>
      {windows.map(({ days, from, until }) => (
        <span key={`${days.join()} ${from}`} className="identifier">
          {days.length === 7
            ? t('authorizations.everyDay')
            : days.map((day) => dayName(day, language)).join(language === 'zh' ? '、' : ', ')}{' '}
          {from}–{until}
        </span>
      ))}
      <small>{timeZone}</small>
    </>
  );
}
