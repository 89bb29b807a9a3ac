import { REGISTER_TEMPLATES } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';

export function Templates() {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <section className="panel" aria-labelledby="templates-title">
      <h2 id="templates-title">{t('registers.templates.title')}</h2>
      <p className="hint">{t('registers.templates.hint')}</p>
      <ul className="downloads">
        {REGISTER_TEMPLATES.map((name) => (
          <li key={name}>
            <a href={`/api/v1/registers/templates/${name}?language=${language}`} download>
              {t(`registers.templates.${name}`)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
