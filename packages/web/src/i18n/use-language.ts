import type { Language } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';

/** The language on screen, for labels that come from the contract. */
export function useLanguage(): Language {
  return useTranslation().i18n.language === 'zh' ? 'zh' : 'en';
}
