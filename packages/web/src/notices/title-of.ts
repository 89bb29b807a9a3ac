import { type Language, NOTICE_KIND_LABELS, type Notice } from '@backcheck/contract';

/** In the language on screen, or the one that the paper has; a draft without a title is called by its kind. */
export function titleOf({ title, kind }: Pick<Notice, 'title' | 'kind'>, language: Language): string {
  const other = language === 'zh' ? 'en' : 'zh';
  return title[language] || title[other] || NOTICE_KIND_LABELS[kind][language];
}
