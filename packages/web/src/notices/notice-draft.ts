import type { NoticeDraft } from '@backcheck/contract';

/** The languages that the paper has. */
export const languagesOf = ({ language }: Pick<NoticeDraft, 'language'>): readonly ('zh' | 'en')[] =>
  language === 'both' ? ['zh', 'en'] : [language];

/** The id of a field of the form. */
export const fieldId = (field: string): string => `notice-${field}`;

/** What is missing before it can be kept, in the order of the form: the ids of the fields. */
export function missingFields(draft: NoticeDraft): string[] {
  const of = languagesOf(draft);
  return [
    ...of.filter((one) => draft.title[one].trim() === '').map((one) => fieldId(`title-${one}`)),
    ...of.filter((one) => draft.body[one].trim() === '').map((one) => fieldId(`body-${one}`)),
  ];
}
