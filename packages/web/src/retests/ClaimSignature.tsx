import type { FixClaim } from '@backcheck/contract';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccess } from '../app/use-access.ts';
import { Failure } from '../ui/Failure.tsx';
import { When } from '../ui/When.tsx';
import { useSignClaim } from './use-retests.ts';

/** Who of the leaders stands for a claim, or that nobody does; for the leader the way to. */
export function ClaimSignature({ claim: { id, signed, open } }: { readonly claim: FixClaim }) {
  const { t } = useTranslation();
  const isLeader = useAccess().data?.grants.some(({ role }) => role === 'security-lead') === true;
  const sign = useSignClaim(id);
  const [asking, setAsking] = useState(false);
  const title = t('retests.claim.sign');
  if (signed !== null)
    return (
      <p className="claim-signature">
        {t('retests.claim.signed', { name: signed.by.name })} <When at={signed.at} />
      </p>
    );
  return (
    <div className="claim-signature">
      <span>{t('retests.claim.unsigned')}</span>{' '}
      {open && isLeader ? (
        <Button size="small" onClick={() => setAsking(true)}>
          {title}
        </Button>
      ) : null}
      {asking ? (
        <Modal
          open
          title={title}
          okText={title}
          confirmLoading={sign.isPending}
          onOk={() => sign.mutate(undefined, { onSuccess: () => setAsking(false) })}
          onCancel={() => setAsking(false)}
        >
          <p>{t('retests.claim.signSure')}</p>
          {sign.error === null ? null : <Failure error={sign.error} />}
        </Modal>
      ) : null}
    </div>
  );
}
