import type { Authorization } from '@backcheck/contract';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { Failure } from '../ui/Failure.tsx';
import { type AuthorizationChange, useChangeAuthorization } from './use-authorizations.ts';

/** The stop is one press and asks nothing: at two in the morning every question is one too many. */
export function AuthorizationActions({ authorization }: { readonly authorization: Authorization }) {
  const { t } = useTranslation();
  const { id, state, running, waiting } = authorization;
  const change = useChangeAuthorization(id);
  const [sure, setSure] = useState<Exclude<AuthorizationChange, 'stop'> | null>(null);
  const mayApprove = useMay({ object: 'authorization', action: 'approve' });
  const mayStop = useMay({ object: 'authorization', action: 'update' });
  const live = state === 'approved' || state === 'in-force';
  const ended = state === 'revoked' || state === 'expired';
  const pending = (one: AuthorizationChange) => change.isPending && change.variables === one;
  return (
    <>
      <p role="status">
        {t('authorizations.running', { count: running })} {t('authorizations.waiting', { count: waiting })}
      </p>
      <div className="actions authorization-actions">
        {mayApprove && state === 'drafted' ? (
          <Button type="primary" loading={pending('approve')} onClick={() => setSure('approve')}>
            {t('authorizations.change.approve')}
          </Button>
        ) : null}
        {mayStop && live ? (
          <Button
            danger
            type="primary"
            size="large"
            loading={pending('stop')}
            onClick={() => change.mutate('stop')}
          >
            {t('authorizations.change.stop')}
          </Button>
        ) : null}
        {mayApprove && state === 'stopped' ? (
          <Button loading={pending('resume')} onClick={() => setSure('resume')}>
            {t('authorizations.change.resume')}
          </Button>
        ) : null}
        {mayApprove && !ended ? (
          <Button loading={pending('revoke')} onClick={() => setSure('revoke')}>
            {t('authorizations.change.revoke')}
          </Button>
        ) : null}
      </div>
      {change.error === null ? null : <Failure error={change.error} />}
      {sure === null ? null : (
        <Modal
          open
          title={t(`authorizations.change.${sure}`)}
          okText={t(`authorizations.change.${sure}`)}
          okButtonProps={{ danger: sure === 'revoke' }}
          onOk={() => {
            change.mutate(sure);
            setSure(null);
          }}
          onCancel={() => setSure(null)}
        >
          <p>{t(`authorizations.sure.${sure}`)}</p>
        </Modal>
      )}
    </>
  );
}
