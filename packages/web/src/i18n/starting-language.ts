import { LANGUAGES, type Language } from '@backcheck/contract';

const KEY = 'backcheck.language';

/** The language chosen earlier on this device. */
export const chosenLanguage = (storage: Pick<Storage, 'getItem'>): Language | undefined =>
  LANGUAGES.find((language) => language === storage.getItem(KEY));

/** The language chosen earlier on this device, else the browser's first that we speak, else English. */
export function startingLanguage(storage: Pick<Storage, 'getItem'>, browser: readonly string[]): Language {
  const stored = chosenLanguage(storage);
  if (stored !== undefined) return stored;
  const first = browser.find((tag) => /^(zh|en)\b/i.test(tag));
  return first?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export function rememberLanguage(storage: Pick<Storage, 'setItem'>, language: Language): void {
  storage.setItem(KEY, language);
}
