import { KEY_LIST_PURPOSES, type KeyList } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { isPast } from './SupportEnd.tsx';

export function KeyListTable({ items }: { readonly items: readonly KeyList[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <table className="quiet stacked" aria-label={t('organizations.keyLists.title')}>
      <thead>
        <tr>
          <th scope="col">{t('organizations.keyLists.name')}</th>
          <th scope="col">{t('organizations.keyLists.purpose')}</th>
          <th scope="col">{t('organizations.keyLists.of')}</th>
          <th scope="col">{t('organizations.keyLists.valid')}</th>
          <th scope="col" className="number">
            {t('organizations.keyLists.members')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <Link to="/key-lists/$keyListId" params={{ keyListId: one.id }}>
                {one.name}
              </Link>
            </th>
            <td data-label={t('organizations.keyLists.purpose')}>
              {KEY_LIST_PURPOSES[one.purpose][language]}
            </td>
            <td data-label={t('organizations.keyLists.of')}>
              <KeyListOwner list={one} />
            </td>
            <td data-label={t('organizations.keyLists.valid')}>
              <Validity list={one} />
            </td>
            <td className="number" data-label={t('organizations.keyLists.members')}>
              {one.members}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function KeyListOwner({ list: { organizationId } }: { readonly list: KeyList }) {
  const { t } = useTranslation();
  return organizationId === null ? (
    t('organizations.keyLists.everybody')
  ) : (
    <OrganizationName of={{ id: organizationId, name: '' }} />
  );
}

export function Validity({ list: { validFrom, validTo } }: { readonly list: KeyList }) {
  const { t } = useTranslation();
  if (validFrom === null && validTo === null) return <>{t('organizations.keyLists.always')}</>;
  return (
    <>
      <span className="when">
        {validFrom ?? '…'} – {validTo ?? '…'}
      </span>
      {validTo !== null && isPast(validTo) ? (
        <strong className="overdue"> {t('organizations.keyLists.ended')}</strong>
      ) : null}
    </>
  );
}
