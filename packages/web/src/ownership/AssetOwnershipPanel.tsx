import type { Asset, HandOver } from '@backcheck/contract';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useMay } from '../app/use-access.ts';
import { shortName } from '../assets/short-name.ts';
import { Failure } from '../ui/Failure.tsx';
import { When } from '../ui/When.tsx';
import { HandOverDialog } from './HandOverDialog.tsx';
import { NotOursDialog } from './NotOursDialog.tsx';
import { useAssetOwnership, useDispute, useMayHandOver } from './use-ownership.ts';
import './ownership.css';

/** Whose the asset is: what is in question, and what each side can do about it. */
export function AssetOwnershipActions({ asset }: { readonly asset: Asset }) {
  const { t } = useTranslation();
  const mayChange = useMay({ object: 'asset', action: 'update' });
  const mayGive = useMayHandOver();
  const { data } = useAssetOwnership(asset.id);
  const [dialog, setDialog] = useState<'not-ours' | 'hand-over' | null>(null);
  const disputed = data?.question?.reason === 'disputed';
  const close = () => setDialog(null);
  return (
    <>
      {mayGive ? (
        <Button onClick={() => setDialog('hand-over')}>{t('ownership.handOver.open')}</Button>
      ) : null}
      {mayChange && !mayGive && !disputed ? (
        <Button onClick={() => setDialog('not-ours')}>{t('ownership.notOurs.open')}</Button>
      ) : null}
      {dialog === 'hand-over' ? (
        <HandOverDialog asset={{ asset, guess: data?.question?.guess ?? null }} onClose={close} />
      ) : null}
      {dialog === 'not-ours' ? (
        <NotOursDialog assetId={asset.id} name={shortName(asset.identity)} onClose={close} />
      ) : null}
    </>
  );
}

export function AssetDispute({ assetId }: { readonly assetId: string }) {
  const { t } = useTranslation();
  const mayChange = useMay({ object: 'asset', action: 'update' });
  const dispute = useAssetOwnership(assetId).data?.question?.dispute ?? null;
  const { oursAfterAll } = useDispute(assetId);
  if (dispute === null) return null;
  const takeBack = (
    <Button
      loading={oursAfterAll.isPending}
      onClick={() => oursAfterAll.mutate(t('ownership.notOurs.oursAfterAll'))}
    >
      {t('ownership.notOurs.oursAfterAll')}
    </Button>
  );
  return (
    <>
      <Alert
        className="dispute"
        type="warning"
        showIcon
        title={t('ownership.notOurs.disputed', { by: dispute.by })}
        description={dispute.reason}
        action={mayChange ? takeBack : undefined}
      />
      {oursAfterAll.error === null ? null : <Failure error={oursAfterAll.error} />}
    </>
  );
}

export function HandOverHistory({ assetId }: { readonly assetId: string }) {
  const { t } = useTranslation();
  const handOvers = useAssetOwnership(assetId).data?.handOvers ?? [];
  if (handOvers.length === 0) return null;
  return (
    <section className="block" aria-labelledby="hand-overs-title">
      <h2 id="hand-overs-title">{t('ownership.history.title')}</h2>
      <ul className="links">
        {handOvers.map((one) => (
          <li key={one.id}>
            <Side of={one.from} /> → <Side of={one.to} />
            <p className="hint">
              <When at={one.at} /> · {one.by} · {one.note}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Side({ of }: { readonly of: HandOver['from'] }) {
  const { t } = useTranslation();
  return of === null ? t('ownership.history.hidden') : <OrganizationName of={of} />;
}
