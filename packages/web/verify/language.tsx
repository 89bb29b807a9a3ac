import type { Language, Text } from '@backcheck/contract';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

const Chosen = createContext<Language>('en');

/** How a text is said in the language of the page. */
export function useSay(): (text: Text) => string {
  const language = useContext(Chosen);
  return (text) => text[language];
}

/** Where the other language is, in its own words. */
const OTHER = { zh: { tag: 'en', name: 'English' }, en: { tag: 'zh', name: '中文' } } as const;

function firstLanguage(): Language {
  const tag = navigator.languages.find((one) => /^(zh|en)\b/i.test(one)) ?? 'en';
  return tag.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** Keeps nothing on the device: the browser's own language is where it starts each time. */
export function InLanguage({ children }: { readonly children: ReactNode }) {
  const [language, choose] = useState(firstLanguage);
  const other = OTHER[language];
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  return (
    <Chosen value={language}>
      <header>
        <strong className="brand">Backcheck</strong>
        <button type="button" lang={other.tag} className="plain" onClick={() => choose(other.tag)}>
          {other.name}
        </button>
      </header>
      {children}
    </Chosen>
  );
}
