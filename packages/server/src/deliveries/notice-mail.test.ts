import type { Outgoing } from '@backcheck/db';
import { expect, test } from 'vitest';
import { noticeMail } from './notice-mail.ts';

const outgoing: Outgoing = {
  organizationId: 1,
  deliveryId: '5',
  sender: 'test',
  noticeId: '12',
  number: '网安整改〔2026〕第12号',
  kind: 'rectification',
  issuedAt: '2026-11-21T02:00:00.000Z',
  dueAt: '2026-11-25T16:00:00.000Z',
  dueDates: 1,
  timeZone: 'Asia/Shanghai',
  authority: { zh: '湖城市网络安全检查办公室', en: 'Lake City Office' },
  organization: { name: 'Lakeside Hospital', nameZh: '湖畔医院' },
  occasion: 'issued',
  language: 'both',
  address: 'wang@hospital.example.org',
  messageId: '<1@example.org>',
  webhookId: null,
  attempts: 1,
};
const textOf = (dueDates: number) => noticeMail({ ...outgoing, dueDates }, 'https://example.org').text;

test('a mail about a notice with one date names it as the date of all', () => {
  expect(textOf(1)).toContain('请于2026年11月25日（含当日）前办结。');
  expect(textOf(1)).toContain('It is to be settled by the end of 25 November 2026.');
});

test('a mail about findings with different dates says that the one it names is only the first', () => {
  expect(textOf(3)).toContain('各项期限不同，最早一项请于2026年11月25日（含当日）前办结');
  expect(textOf(3)).toContain('the first is to be settled by the end of 25 November 2026');
  expect(textOf(3)).not.toContain('It is to be settled');
});

test('a reminder of findings with different dates leads to the platform for the others, because the paper may be older', () => {
  const { text } = noticeMail({ ...outgoing, occasion: 'remind', dueDates: 2 }, 'https://example.org');
  expect(text).toContain('其中部分请于2026年11月25日（含当日）前办结，详情请登录平台查看。');
  expect(text).not.toContain('as the paper says');
});
