import type { ApiKey } from '@backcheck/contract';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { Until } from '../ui/Until.tsx';
import { NewApiKey } from './NewApiKey.tsx';
import { useApiKeys, useRevokeApiKey } from './use-account.ts';

export function ApiKeys() {
  const { t } = useTranslation();
  const { data, error } = useApiKeys();
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const items = data?.items ?? [];
  return (
    <section className="block" aria-labelledby="keys-title">
      <h2 id="keys-title">{t('account.keys.title')}</h2>
      <p className="hint">{t('account.keys.lead')}</p>
      {error === null ? null : <Failure error={error} />}
      {data !== undefined && items.length === 0 ? <p>{t('account.keys.none')}</p> : null}
      {items.length === 0 ? null : (
        <table className="quiet stacked" aria-labelledby="keys-title">
          <thead>
            <tr>
              <th scope="col">{t('account.keys.name')}</th>
              <th scope="col">{t('account.keys.scope')}</th>
              <th scope="col">{t('account.keys.ends')}</th>
              <th scope="col">{t('account.keys.lastUsed')}</th>
              <th scope="col" aria-label={t('account.keys.revoke')} />
            </tr>
          </thead>
          <tbody>
            {items.map((one) => (
              <KeyRow key={one.id} apiKey={one} onRevoke={() => setRevoking(one)} />
            ))}
          </tbody>
        </table>
      )}
      <div className="actions">
        <Button onClick={() => setAdding(true)}>{t('account.keys.add')}</Button>
      </div>
      {adding ? <NewApiKey onClose={() => setAdding(false)} /> : null}
      {revoking === null ? null : <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} />}
    </section>
  );
}

function KeyRow({ apiKey, onRevoke }: { readonly apiKey: ApiKey; readonly onRevoke: () => void }) {
  const { t } = useTranslation();
  const { name, scope, expiresAt, lastUsedAt } = apiKey;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-label={t('account.keys.scope')} title={t(`account.keys.scopeMeanings.${scope}`)}>
        {t(`account.keys.scopes.${scope}`)}
      </td>
      <td data-label={t('account.keys.ends')}>
        {expiresAt === null ? t('account.keys.noEnd') : <Until at={expiresAt} />}
      </td>
      <td data-label={t('account.keys.lastUsed')}>
        {lastUsedAt === null ? (
          <span className="hint">{t('account.keys.neverUsed')}</span>
        ) : (
          <Moment at={lastUsedAt} />
        )}
      </td>
      <td className="number">
        <Button size="small" aria-label={t('account.keys.revokeNamed', { name })} onClick={onRevoke}>
          {t('account.keys.revoke')}
        </Button>
      </td>
    </tr>
  );
}

function RevokeKey({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const revoke = useRevokeApiKey();
  return (
    <Modal
      open
      title={t('account.keys.revokeNamed', { name: apiKey.name })}
      okText={t('account.keys.revoke')}
      okButtonProps={{ danger: true }}
      confirmLoading={revoke.isPending}
      onOk={() => revoke.mutate(apiKey.id, { onSuccess: onClose })}
      onCancel={onClose}
    >
      <p>{t('account.keys.revokeSure')}</p>
      {revoke.error === null ? null : <Failure error={revoke.error} />}
    </Modal>
  );
}
