import { Button } from 'antd';
import { switchLanguage } from '../i18n/i18n.ts';
import { useLanguage } from '../i18n/use-language.ts';

/** Names the other language in that language: who needs it can read it. */
export function LanguageSwitch() {
  const language = useLanguage();
  const [next, name, tag] =
    language === 'zh' ? (['en', 'English', 'en'] as const) : (['zh', '中文', 'zh-CN'] as const);
  return (
    <Button type="text" lang={tag} onClick={() => void switchLanguage(next)}>
      {name}
    </Button>
  );
}
