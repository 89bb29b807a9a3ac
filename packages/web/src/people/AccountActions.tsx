import type { Account } from '@backcheck/contract';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { ACCOUNT_CHANGES, type AccountChange, useChangeAccount } from './use-people.ts';

const fits = ({ state, twoFactor, email }: Account, change: AccountChange): boolean => {
  if (change === 'enable') return state === 'disabled';
  if (change === 'disable') return state === 'active';
  return change === 'reset-two-factor' ? twoFactor : state === 'active' && email !== null;
};

/** Each says what it does before it is done. */
export function AccountActions({ account }: { readonly account: Account }) {
  const { t } = useTranslation();
  const change = useChangeAccount(account.id);
  const [wanted, setWanted] = useState<AccountChange | null>(null);
  const close = () => {
    setWanted(null);
    change.reset();
  };
  return (
    <div className="actions">
      {ACCOUNT_CHANGES.filter((one) => fits(account, one)).map((one) => (
        <Button key={one} danger={one === 'disable'} onClick={() => setWanted(one)}>
          {t(`people.person.${one}`)}
        </Button>
      ))}
      {wanted === null ? null : (
        <Modal
          open
          title={t(`people.person.${wanted}Title`, { name: account.name })}
          okText={t(`people.person.${wanted}`)}
          okButtonProps={{ danger: wanted !== 'enable' }}
          confirmLoading={change.isPending}
          onOk={() => change.mutate(wanted, { onSuccess: close })}
          onCancel={close}
        >
          <p>{t(`people.person.${wanted}Sure`)}</p>
          {change.error === null ? null : <Failure error={change.error} />}
        </Modal>
      )}
    </div>
  );
}
