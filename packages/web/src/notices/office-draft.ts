import type { NoticeOfficeContent } from '@backcheck/contract';
import {
  isTimeZone,
  makesSameNumbers,
  NOTICE_KINDS,
  type NoticeKind,
  numberTemplateFlaw,
} from '@backcheck/core';

/** Why a pattern of numbers cannot be saved; `as`: the kind that has the same one. */
export type NumberFlaw = { readonly kind: 'wrong' } | { readonly kind: 'twice'; readonly as: NoticeKind };

export function numberFlaw(numbers: NoticeOfficeContent['numbers'], kind: NoticeKind): NumberFlaw | null {
  const pattern = numbers[kind].trim();
  if (numberTemplateFlaw(pattern) !== null) return { kind: 'wrong' };
  const as = NOTICE_KINDS.find((other) => other !== kind && makesSameNumbers(numbers[other].trim(), pattern));
  return as === undefined ? null : { kind: 'twice', as };
}

/** Fields of the form that are missing or wrong beside the numbers. */
export function missingFields({ authority, timeZone }: NoticeOfficeContent): readonly string[] {
  return [
    ...(authority.zh.trim() === '' ? ['authorityZh'] : []),
    ...(authority.en.trim() === '' ? ['authorityEn'] : []),
    ...(isTimeZone(timeZone.trim()) ? [] : ['timeZone']),
  ];
}
