import type { RegisteredAsset } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { AssetName } from '../assets/AssetName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Field } from '../ui/Field.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { NewAsset } from './NewAsset.tsx';
import { RecordList } from './RecordList.tsx';
import { FieldCell, FieldLabel } from './record/FieldText.tsx';
import { choicesOf } from './record/record-texts.ts';
import { SupportEnd } from './SupportEnd.tsx';
import { useRegisteredAssets } from './use-registers.ts';

export function RegisteredAssetsPanel({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const mayCreate = useMay({ object: 'asset', action: 'create' });
  const [filter, setFilter] = useState<{ q: string; exposure: string | undefined }>({
    q: '',
    exposure: undefined,
  });
  const [adding, setAdding] = useState(false);
  const list = useRegisteredAssets({ organizationId, ...filter });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = filter.q !== '' || filter.exposure !== undefined;
  return (
    <RecordList
      title={t('organizations.sections.assets')}
      list={list}
      count={items.length}
      none={t(filtered ? 'organizations.assets.noMatch' : 'organizations.assets.none')}
      action={
        mayCreate ? <Button onClick={() => setAdding(true)}>{t('organizations.assets.add')}</Button> : null
      }
      filters={
        <>
          <p>
            <Link to="/assets" search={{ organizationId }}>
              {t('organizations.assets.fromScans')}
            </Link>
          </p>
          <search className="asset-filters" aria-label={t('assets.searchLabel')}>
            <Field id="register-text" label={t('assets.search')}>
              <SearchBox
                id="register-text"
                value={filter.q}
                placeholder={t('organizations.assets.searchPlaceholder')}
                onChange={(q) => setFilter((before) => ({ ...before, q }))}
              />
            </Field>
            <Field id="register-exposure" label={t('organizations.assets.exposure')}>
              <Select
                id="register-exposure"
                allowClear
                placeholder={t('filters.any')}
                value={filter.exposure ?? null}
                options={choicesOf('asset', 'exposure', language)}
                onChange={(exposure: string | undefined) => setFilter((before) => ({ ...before, exposure }))}
              />
            </Field>
          </search>
        </>
      }
    >
      <AssetRegister items={items} />
      {adding ? <NewAsset organizationId={organizationId} onClose={() => setAdding(false)} /> : null}
    </RecordList>
  );
}

function AssetRegister({ items }: { readonly items: readonly RegisteredAsset[] }) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked" aria-label={t('organizations.sections.assets')}>
      <thead>
        <tr>
          <th scope="col">{t('assets.columns.asset')}</th>
          <th scope="col">
            <FieldLabel kind="asset" field="type" />
          </th>
          <th scope="col">{t('organizations.assets.system')}</th>
          <th scope="col">
            <FieldLabel kind="asset" field="exposure" />
          </th>
          <th scope="col">
            <FieldLabel kind="asset" field="edgeDevice" />
          </th>
          <th scope="col">
            <FieldLabel kind="asset" field="supportEndOn" />
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((asset) => (
          <tr key={asset.id}>
            <th scope="row">
              <Link to="/assets/$assetId" params={{ assetId: asset.id }}>
                {asset.fields['name'] === undefined ? (
                  <AssetName identity={asset.identity} />
                ) : (
                  String(asset.fields['name'])
                )}
              </Link>{' '}
              <small>{String(asset.fields['assetCode'] ?? '')}</small>
            </th>
            <FieldCell kind="asset" field="type" value={asset.fields['type']} />
            <td {...(asset.system === null ? {} : { 'data-label': t('organizations.assets.system') })}>
              {asset.system?.name}
            </td>
            <FieldCell kind="asset" field="exposure" value={asset.fields['exposure']} />
            <FieldCell kind="asset" field="edgeDevice" value={asset.fields['edgeDevice']} />
            <SupportEnd on={asset.fields['supportEndOn']} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
