import type { AssetPage } from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { AssetDispute, AssetOwnershipActions, HandOverHistory } from '../ownership/AssetOwnershipPanel.tsx';
import { Failure } from '../ui/Failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { When } from '../ui/When.tsx';
import { AssetName } from './AssetName.tsx';
import { IdentifierTable } from './IdentifierTable.tsx';
import { LinkList } from './LinkList.tsx';
import { MergeDialog } from './MergeDialog.tsx';
import { QuestionCard } from './QuestionCard.tsx';
import { RegisterSection } from './RegisterSection.tsx';
import { SplitDialog } from './SplitDialog.tsx';
import { shortName } from './short-name.ts';
import { useAsset } from './use-assets.ts';
import { VisitTable } from './VisitTable.tsx';
import { waysToSplit } from './ways-to-split.ts';
import './assets.css';
import '../organizations/organizations.css';

const route = getRouteApi('/assets/$assetId');

export function AssetScreen() {
  const { t } = useTranslation();
  const { assetId } = route.useParams();
  const { data, error, isPending, refetch } = useAsset(assetId);
  useTitle(data === undefined ? t('assets.title') : shortName(data.asset.identity));
  return (
    <div className="screen">
      <Link className="back" to="/assets">
        <span aria-hidden="true">←</span> {t('assets.all')}
      </Link>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {data === undefined ? null : <AssetDetails page={data} />}
    </div>
  );
}

function AssetDetails({ page }: { readonly page: AssetPage }) {
  const { t } = useTranslation();
  return (
    <>
      <AssetHead page={page} />
      <AssetDispute assetId={page.asset.id} />
      {page.tasks.map((task) => (
        <QuestionCard key={task.id} task={task} />
      ))}
      <RegisterSection assetId={page.asset.id} />
      <section aria-labelledby="identifiers-title" className="block">
        <h2 id="identifiers-title">{t('assets.identifiers.title')}</h2>
        <IdentifierTable page={page} />
      </section>
      <LinkList page={page} />
      <section aria-labelledby="visits-title" className="block">
        <h2 id="visits-title">{t('assets.visits.title')}</h2>
        <VisitTable visits={page.visits} />
      </section>
      <HandOverHistory assetId={page.asset.id} />
    </>
  );
}

function AssetHead({ page }: { readonly page: AssetPage }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const [dialog, setDialog] = useState<'merge' | 'split' | null>(null);
  const { asset } = page;
  const { organization, identity, openFindings, lastSeen } = asset;
  return (
    <header className="asset-head">
      <h1>
        <AssetName identity={identity} />
      </h1>
      <ul className="facts">
        <li>
          <Link to="/organizations/$organizationId" params={{ organizationId: organization.id }}>
            <OrganizationName of={organization} />
          </Link>
        </li>
        <li>
          {openFindings === 0 ? (
            t('assets.noOpenFindings')
          ) : (
            <Link
              to="/findings"
              search={{ organizationId: organization.id, q: shortName(identity), groupBy: 'check' }}
            >
              {t('assets.openFindings', { count: openFindings })}
            </Link>
          )}
        </li>
        <li>
          {lastSeen === null ? (
            t('assets.neverSeen')
          ) : (
            <>
              {t('assets.lastSeen')} <When at={lastSeen} />
            </>
          )}
        </li>
      </ul>
      <div className="actions">
        <AssetOwnershipActions asset={asset} />
        <Button onClick={() => setDialog('merge')}>{t('assets.merge')}</Button>
        {waysToSplit(page).length === 0 ? null : (
          <Button onClick={() => setDialog('split')}>{t('assets.split')}</Button>
        )}
      </div>
      {dialog === 'merge' ? (
        <MergeDialog
          asset={asset}
          other={null}
          taskId={null}
          onClose={(stays) => {
            setDialog(null);
            if (stays !== null) void navigate({ to: '/assets/$assetId', params: { assetId: stays } });
          }}
        />
      ) : null}
      {dialog === 'split' ? <SplitDialog page={page} onClose={() => setDialog(null)} /> : null}
    </header>
  );
}
