import type { RegisteredAsset } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { RecordDialog } from '../organizations/record/RecordDialog.tsx';
import { RecordView } from '../organizations/record/RecordView.tsx';
import { isPast } from '../organizations/SupportEnd.tsx';
import { SystemSelect } from '../organizations/SystemSelect.tsx';
import { reloadOf, useRegisteredAsset, useSaveRecord } from '../organizations/use-registers.ts';
import { Failure } from '../ui/Failure.tsx';
import { When } from '../ui/When.tsx';

/** What people wrote down of the asset. */
export function RegisterSection({ assetId }: { readonly assetId: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useRegisteredAsset(assetId);
  const mayChange = useMay({ object: 'asset', action: 'update' });
  const [editing, setEditing] = useState(false);
  return (
    <section className="block" aria-labelledby="register-title">
      <div className="section-head">
        <h2 id="register-title">{t('organizations.assets.registerTitle')}</h2>
        {data === undefined || !mayChange ? null : (
          <Button onClick={() => setEditing(true)}>
            {t(data.registeredAt === null ? 'organizations.assets.register' : 'organizations.assets.edit')}
          </Button>
        )}
      </div>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {data === undefined ? null : <Registered asset={data} />}
      {editing && data !== undefined ? <Editing asset={data} onClose={() => setEditing(false)} /> : null}
    </section>
  );
}

function Registered({ asset }: { readonly asset: RegisteredAsset }) {
  const { t } = useTranslation();
  const { organization, system, fields, registeredAt, exposureDeclared } = asset;
  const end = fields['supportEndOn'];
  if (registeredAt === null) return <p className="hint">{t('organizations.assets.notRegistered')}</p>;
  return (
    <>
      {typeof end === 'string' && isPast(end) ? (
        <p>
          <strong className="overdue">{t('organizations.assets.supportEnded')}</strong>{' '}
          <span className="when">{end}</span>
        </p>
      ) : null}
      <ul className="facts register-facts">
        {system === null ? null : (
          <li>
            {t('organizations.assets.system')}{' '}
            <Link
              to="/organizations/$organizationId"
              params={{ organizationId: organization.id }}
              search={{ section: 'systems' }}
            >
              {system.name}
            </Link>
          </li>
        )}
        {exposureDeclared === null ? null : (
          <li>
            {t('organizations.assets.declared')} <When at={exposureDeclared.at} />{' '}
            {exposureDeclared.by?.name ?? t('organizations.assets.declaredBySheet')}
          </li>
        )}
      </ul>
      <RecordView kind="asset" fields={fields} />
    </>
  );
}

function Editing({ asset, onClose }: { readonly asset: RegisteredAsset; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const save = useSaveRecord();
  const [system, setSystem] = useState(asset.system);
  const moved = system?.id === asset.system?.id ? {} : { systemId: system?.id ?? null };
  return (
    <RecordDialog
      kind="asset"
      title={t(asset.registeredAt === null ? 'organizations.assets.register' : 'organizations.assets.edit')}
      record={asset}
      besides={<SystemSelect organizationId={asset.organization.id} value={system} onChange={setSystem} />}
      save={(fields, version) =>
        save.asset(asset.id, { version: version ?? asset.version, fields, ...moved })
      }
      reload={() => reloadOf.asset(asset.id)}
      onClose={onClose}
    />
  );
}
