import type { Language } from '@backcheck/contract';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { chosenLanguage, rememberLanguage, startingLanguage } from './starting-language.ts';
import { zh } from './zh.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

/** Both languages travel with the bundle: they are small, and switching works without the server. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: startingLanguage(localStorage, navigator.languages),
    fallbackLng: 'en',
    resources: { zh: { translation: zh }, en: { translation: en } },
    // React escapes what it renders; escaping twice would show &amp; in a file name.
    interpolation: { escapeValue: false },
  });
  markDocument();
}

export async function switchLanguage(language: Language): Promise<void> {
  rememberLanguage(localStorage, language);
  await i18next.changeLanguage(language);
  markDocument();
}

/** A language that somebody else chose for the reader: taken unless the reader chose one on this device. */
export async function offerLanguage(language: Language): Promise<void> {
  if (chosenLanguage(localStorage) === undefined) await switchLanguage(language);
}

/** Screen readers pick the voice, browsers the Chinese glyphs, by this attribute (WCAG 3.1.1). */
const markDocument = (): void => {
  document.documentElement.lang = i18next.language === 'zh' ? 'zh-CN' : 'en';
};
