import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useOnlyOrganization, useOrganizationPage } from '../app/use-organizations.ts';
import { useTitle } from '../ui/use-title.ts';
import { AddressRanges } from './AddressRanges.tsx';
import { AssetsFrame, OrganizationChoice } from './AssetsFrame.tsx';
import { BalancedAssets } from './BalancedAssets.tsx';
import { ProofRule } from './ProofRule.tsx';
import { ScanProfiles } from './ScanProfiles.tsx';
import { readAssetSearch } from './search.ts';

const route = getRouteApi('/assets/settings');

export function SettingsScreen() {
  const { t } = useTranslation();
  useTitle(t('assets.tabs.settings'));
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { only } = useOnlyOrganization();
  const organizationId = search.organizationId ?? only;
  const organization = useOrganizationPage(organizationId).data?.organization;
  return (
    <AssetsFrame title={t('assets.tabs.settings')} organizationId={search.organizationId}>
      <p className="lead">{t('assets.settings.lead')}</p>
      <div className="asset-filters">
        <OrganizationChoice
          allowAll={false}
          value={organizationId}
          onChange={(id) => void navigate({ search: readAssetSearch({ organizationId: id }), replace: true })}
        />
      </div>
      {organization === undefined ? (
        <p className="hint">{t('assets.settings.choose')}</p>
      ) : (
        <div key={organization.id} className="settings">
          <AddressRanges organizationId={organization.id} />
          <BalancedAssets organizationId={organization.id} />
          <ProofRule organization={organization} rule="crossTool" />
          <ProofRule organization={organization} rule="steadyProof" />
          <ScanProfiles organizationId={organization.id} />
        </div>
      )}
    </AssetsFrame>
  );
}
