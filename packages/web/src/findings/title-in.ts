import type { Language, Text } from '@backcheck/contract';

/** Tools write English; a weakness that the product has a name for has one in Chinese as well. */
export const titleIn = (language: Language, title: string, name: Text | null): string =>
  language === 'zh' ? (name?.zh ?? title) : title;
