import type { FixOrganization } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Due } from '../notices/Due.tsx';
import { Pages } from '../ui/Pages.tsx';
import { OpenCount, Proofs } from './FixesScreen.tsx';
import { useFixOrganizations } from './use-fixes.ts';

/** Where a measure is to be taken: each organization leads to its own findings, claims and notice. */
export function FixOrganizations({ fixId }: { readonly fixId: string }) {
  const list = useFixOrganizations(fixId);
  return <Pages list={list}>{(items) => <Organizations fixId={fixId} items={items} />}</Pages>;
}

interface OrganizationsProps {
  readonly fixId: string;
  readonly items: readonly FixOrganization[];
}

function Organizations({ fixId, items }: OrganizationsProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <table className="quiet stacked fix-findings" aria-label={t('fixes.organizations')}>
      <thead>
        <tr>
          <th scope="col">{t('organization.label')}</th>
          <th scope="col" className="number">
            {t('fixes.openCount')}
          </th>
          <th scope="col">{t('fixes.proofs')}</th>
          <th scope="col" className="number">
            {t('fixes.assets')}
          </th>
          <th scope="col">{t('fixes.due')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ organization, assets, dueAt, ...one }) => (
          <tr key={organization.id}>
            <th scope="row">
              <Link to="/fixes/$fixId" params={{ fixId }} search={{ organizationId: organization.id }}>
                {(language === 'zh' ? organization.nameZh : null) ?? organization.name}
              </Link>
            </th>
            <td className="number" data-label={t('fixes.openCount')}>
              <OpenCount of={one} />
            </td>
            <td data-label={t('fixes.proofs')}>
              <Proofs of={one} />
            </td>
            <td className="number" data-label={t('fixes.assets')}>
              {assets}
            </td>
            <td data-label={t('fixes.due')}>{dueAt === null ? '–' : <Due at={dueAt} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
