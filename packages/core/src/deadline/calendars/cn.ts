import type { Text } from '../../observe/text.ts';
import type { NamedDay, WorkingCalendar } from '../calendar.ts';
import { period } from './period.ts';

const NEW_YEAR: Text = { zh: '元旦', en: "New Year's Day" };
const SPRING: Text = { zh: '春节', en: 'Spring Festival' };
const TOMBS: Text = { zh: '清明节', en: 'Tomb-Sweeping Day' };
const LABOUR: Text = { zh: '劳动节', en: 'Labour Day' };
const DRAGON_BOAT: Text = { zh: '端午节', en: 'Dragon Boat Festival' };
const MID_AUTUMN: Text = { zh: '中秋节', en: 'Mid-Autumn Festival' };
const NATIONAL: Text = { zh: '国庆节', en: 'National Day' };
const NATIONAL_AND_MID_AUTUMN: Text = {
  zh: '国庆节、中秋节',
  en: 'National Day and Mid-Autumn Festival',
};

const made = (name: Text, ...days: string[]): NamedDay[] =>
  days.map((day) => ({ day, name: { zh: `${name.zh}调休上班`, en: `Working day for ${name.en}` } }));

/** The State Council's arrangement for each year; days that it merely joins with a weekend are not repeated. */
export const CN: WorkingCalendar = {
  code: 'cn',
  title: { zh: '中国法定节假日及调休', en: 'China: public holidays and make-up working days' },
  source: {
    zh:
      '国务院办公厅关于部分节假日安排的通知：2024年，国办发明电〔2023〕7号；2025年，国办发明电〔2024〕12号；' +
      '2026年，国办发明电〔2025〕7号。',
    en:
      'Notices of the General Office of the State Council on the arrangement of holidays: for 2024, Guobanfamingdian ' +
      '[2023] No. 7; for 2025, [2024] No. 12; for 2026, [2025] No. 7.',
  },
  timeZone: 'Asia/Shanghai',
  weekend: [6, 7],
  holidays: [
    ...period(NEW_YEAR, '2024-01-01'),
    ...period(SPRING, '2024-02-10', '2024-02-17'),
    ...period(TOMBS, '2024-04-04', '2024-04-06'),
    ...period(LABOUR, '2024-05-01', '2024-05-05'),
    ...period(DRAGON_BOAT, '2024-06-10'),
    ...period(MID_AUTUMN, '2024-09-15', '2024-09-17'),
    ...period(NATIONAL, '2024-10-01', '2024-10-07'),
    ...period(NEW_YEAR, '2025-01-01'),
    ...period(SPRING, '2025-01-28', '2025-02-04'),
    ...period(TOMBS, '2025-04-04', '2025-04-06'),
    ...period(LABOUR, '2025-05-01', '2025-05-05'),
    ...period(DRAGON_BOAT, '2025-05-31', '2025-06-02'),
    ...period(NATIONAL_AND_MID_AUTUMN, '2025-10-01', '2025-10-08'),
    ...period(NEW_YEAR, '2026-01-01', '2026-01-03'),
    ...period(SPRING, '2026-02-15', '2026-02-23'),
    ...period(TOMBS, '2026-04-04', '2026-04-06'),
    ...period(LABOUR, '2026-05-01', '2026-05-05'),
    ...period(DRAGON_BOAT, '2026-06-19', '2026-06-21'),
    ...period(MID_AUTUMN, '2026-09-25', '2026-09-27'),
    ...period(NATIONAL, '2026-10-01', '2026-10-07'),
  ],
  makeUpDays: [
    ...made(SPRING, '2024-02-04', '2024-02-18'),
    ...made(TOMBS, '2024-04-07'),
    ...made(LABOUR, '2024-04-28', '2024-05-11'),
    ...made(MID_AUTUMN, '2024-09-14'),
    ...made(NATIONAL, '2024-09-29', '2024-10-12'),
    ...made(SPRING, '2025-01-26', '2025-02-08'),
    ...made(LABOUR, '2025-04-27'),
    ...made(NATIONAL_AND_MID_AUTUMN, '2025-09-28', '2025-10-11'),
    ...made(NEW_YEAR, '2026-01-04'),
    ...made(SPRING, '2026-02-14', '2026-02-28'),
    ...made(LABOUR, '2026-05-09'),
    ...made(NATIONAL, '2026-09-20', '2026-10-10'),
  ],
  validFrom: 2024,
  validTo: 2026,
};
