import type { Language } from '@backcheck/contract';

/** A share between 0 and 1 in percent: "12.5 %" as the language writes it. */
export const shareText = (share: number, language: Language): string =>
  new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);
