import { daysLeft } from '@backcheck/core';
import { useTranslation } from 'react-i18next';

const SOON = 7;

/**
 * How long until it is too late, counted in days of the reader's calendar like everywhere: "3 days left", "due today",
 * "2 days overdue".
 * @param at the first moment that is too late
 */
export function useDaysLeft(at: string): {
  readonly text: string;
  readonly standing: 'late' | 'soon' | 'far';
} {
  const { t } = useTranslation();
  const now = new Date();
  const days = daysLeft(at, now.toISOString(), Intl.DateTimeFormat().resolvedOptions().timeZone);
  // a term of hours may have ended today
  if (Date.parse(at) <= now.getTime())
    return {
      text: days === 0 ? t('notices.overdueToday') : t('notices.overdue', { count: -days }),
      standing: 'late',
    };
  if (days === 0) return { text: t('notices.dueToday'), standing: 'soon' };
  return { text: t('notices.dueIn', { count: days }), standing: days < SOON ? 'soon' : 'far' };
}
