import { NOTICE_STATE_LABELS } from '@backcheck/contract';
import type { NoticeState } from '@backcheck/core';
import { useLanguage } from '../i18n/use-language.ts';

export function NoticeStateMark({ state }: { readonly state: NoticeState }) {
  const language = useLanguage();
  return <span className={`notice-state ${state}`}>{NOTICE_STATE_LABELS[state][language]}</span>;
}
