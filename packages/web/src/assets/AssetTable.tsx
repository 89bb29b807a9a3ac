import type { Asset } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { When } from '../ui/When.tsx';
import { AssetName, IdentifierText } from './AssetName.tsx';

/** More stand on the asset's own page. */
const SHOWN = 4;

export function AssetTable({ items, busy }: { readonly items: readonly Asset[]; readonly busy: boolean }) {
  const { t } = useTranslation();
  return (
    <table className="quiet assets" aria-label={t('assets.title')} aria-busy={busy}>
      <thead>
        <tr>
          <th scope="col">{t('assets.columns.asset')}</th>
          <th scope="col">{t('assets.columns.organization')}</th>
          <th scope="col">{t('assets.columns.identifiers')}</th>
          <th scope="col">{t('assets.columns.lastSeen')}</th>
          <th scope="col" className="number">
            {t('assets.columns.open')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((asset) => (
          <AssetRow key={asset.id} asset={asset} />
        ))}
      </tbody>
    </table>
  );
}

function AssetRow({ asset }: { readonly asset: Asset }) {
  const { t } = useTranslation();
  const { id, organization, identity, lastSeen, openFindings } = asset;
  const others = asset.identifiers.filter(({ kind, value }) => `${kind}:${value}` !== identity);
  return (
    <tr>
      <th scope="row">
        <Link to="/assets/$assetId" params={{ assetId: id }}>
          <AssetName identity={identity} />
        </Link>
      </th>
      <td>
        <OrganizationName of={organization} />
      </td>
      <td>
        {others.slice(0, SHOWN).map((one) => (
          <span key={`${one.kind}:${one.value}`} className="identifier">
            <IdentifierText {...one} />
          </span>
        ))}
        {others.length > SHOWN ? (
          <span className="hint">{t('assets.moreIdentifiers', { count: others.length - SHOWN })}</span>
        ) : null}
      </td>
      <td data-label={t('assets.columns.lastSeen')}>
        {lastSeen === null ? <span className="hint">{t('assets.neverSeen')}</span> : <When at={lastSeen} />}
      </td>
      <td className="number" data-label={t('assets.columns.open')}>
        {openFindings}
      </td>
    </tr>
  );
}
