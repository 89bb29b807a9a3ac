import { NOTICE_TEMPLATE_TAGS, type TemplateTag } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';

const written = ({ name, form }: TemplateTag): string =>
  form === 'loop' ? `{#${name}} … {/${name}}` : `{${name}}`;

/** Every tag that a template may have. */
export function OfficeTags() {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <details className="office-tags">
      <summary>{t('noticePapers.templates.tags')}</summary>
      <p className="hint">{t('noticePapers.templates.tagsLead')}</p>
      <table className="quiet stacked" aria-label={t('noticePapers.templates.tags')}>
        <thead>
          <tr>
            <th scope="col">{t('noticePapers.templates.tag')}</th>
            <th scope="col">{t('noticePapers.templates.meaning')}</th>
            <th scope="col">{t('noticePapers.templates.within')}</th>
          </tr>
        </thead>
        <tbody>
          {NOTICE_TEMPLATE_TAGS.map((tag) => (
            <tr key={tag.name}>
              <th scope="row">
                <code>{written(tag)}</code>
              </th>
              <td data-label={t('noticePapers.templates.meaning')}>
                {tag.meaning[language]}{' '}
                {tag.form === 'words' ? <small>{t('noticePapers.templates.words')}</small> : null}
              </td>
              <td data-label={t('noticePapers.templates.within')}>
                {tag.place === 'paper'
                  ? t('noticePapers.templates.anywhere')
                  : t('noticePapers.templates.only', { tag: `{#${tag.place}}` })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
