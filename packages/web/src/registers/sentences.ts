import type { Language } from '@backcheck/contract';

/** One after the other; Chinese puts no space between them. */
export const sentences = (language: Language, ...parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null).join(language === 'zh' ? '' : ' ');
