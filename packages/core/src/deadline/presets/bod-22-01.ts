import type { Policy } from '../policy.ts';
import { BOD_19_02, BOD_19_02_RULES } from './bod-19-02.ts';
import { calendarDays } from './terms.ts';

export const BOD_22_01: Policy = {
  ...BOD_19_02,
  code: 'bod-22-01',
  title: { zh: '美国CISA BOD 22-01（KEV目录，历史）', en: 'CISA BOD 22-01: the KEV catalog (historical)' },
  source: {
    zh:
      '美国CISA BOD 22-01（2021年），已被BOD 26-04取代并撤销，仅供对照历史数据。列入KEV目录的按目录给出的到期日；没有到期日的，' +
      '2021年及以后的CVE为14日，更早的为180日，自列入目录之日起算。其余按BOD 19-02。',
    en:
      'CISA BOD 22-01 of 2021, revoked with BOD 26-04, for comparison with old records only. What is in the KEV catalog ' +
      'has the due date given there; without one, CVEs of 2021 and later have 14 days and older ones 180, from the day ' +
      'of the listing. Everything else follows BOD 19-02.',
  },
  clockStart: 'kev-listed',
  rules: [
    {
      id: 'kev',
      when: [{ kev: true, cveYearFrom: 2021 }],
      fix: { kind: 'kev-due-date', otherwise: calendarDays(14) },
    },
    {
      id: 'kev-before-2021',
      when: [{ kev: true }],
      fix: { kind: 'kev-due-date', otherwise: calendarDays(180) },
    },
    ...BOD_19_02_RULES,
  ],
};
