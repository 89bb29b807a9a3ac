import type { Account } from '@backcheck/contract';
import { Modal } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { focusField } from '../ui/TextField.tsx';
import { fieldOfFlaw, GrantFields } from './GrantFields.tsx';
import { EMPTY_WISH, flawOfWish, grantOf } from './grant-wish.ts';
import { useAddGrant } from './use-people.ts';

const ID = 'new-grant';

export function GrantDialog({
  account,
  onClose,
}: {
  readonly account: Account;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const add = useAddGrant(account.id);
  const form = useId();
  const [wish, setWish] = useState(EMPTY_WISH);
  const [checkedAt, setCheckedAt] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const now = new Date().toISOString();
    setCheckedAt(now);
    const flaw = flawOfWish(wish, now);
    if (flaw !== null) return focusField(fieldOfFlaw(ID, flaw));
    for (const grant of grantOf(wish)) add.mutate(grant, { onSuccess: onClose });
  };
  return (
    <Modal
      open
      title={t('people.grant.addTitle', { name: account.name })}
      okText={t('people.grant.save')}
      okButtonProps={{ htmlType: 'submit', form }}
      confirmLoading={add.isPending}
      onCancel={onClose}
    >
      <form id={form} className="steps" noValidate onSubmit={submit}>
        <GrantFields
          id={ID}
          wish={wish}
          flaw={checkedAt === null ? null : flawOfWish(wish, checkedAt)}
          onChange={(change) => setWish((before) => ({ ...before, ...change }))}
        />
        {add.error === null ? null : <Failure error={add.error} />}
      </form>
    </Modal>
  );
}
