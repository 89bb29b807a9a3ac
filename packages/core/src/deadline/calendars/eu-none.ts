import type { WorkingCalendar } from '../calendar.ts';

export const EU_NONE: WorkingCalendar = {
  code: 'eu-none',
  title: { zh: '仅周末休息（无法定节假日）', en: 'Weekends only, no public holidays' },
  source: {
    zh: '欧盟没有统一的公共假日，此日历仅将周六、周日视为非工作日。',
    en: 'The European Union has no common public holidays; only Saturdays and Sundays are days off here.',
  },
  timeZone: null,
  weekend: [6, 7],
  holidays: [],
  makeUpDays: [],
  validFrom: 1970,
  validTo: 9999,
};
