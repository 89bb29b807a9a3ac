import { Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { useDispute } from './use-ownership.ts';

interface NotOursDialogProps {
  readonly assetId: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** The word of the organization; who it belongs to is for the coordinator to decide. */
export function NotOursDialog({ assetId, name, onClose }: NotOursDialogProps) {
  const { t } = useTranslation();
  const { notOurs } = useDispute(assetId);
  const [reason, setReason] = useState('');
  const ready = reason.trim() !== '';
  const submit = () => (ready ? notOurs.mutate(reason.trim(), { onSuccess: onClose }) : undefined);
  return (
    <Modal
      open
      title={t('ownership.notOurs.title', { name })}
      okText={t('ownership.notOurs.save')}
      okButtonProps={{ disabled: !ready }}
      confirmLoading={notOurs.isPending}
      onOk={submit}
      onCancel={onClose}
    >
      <div className="decision">
        <section className="happens" aria-label={t('assets.dialog.happens')}>
          <h3>{t('assets.dialog.happens')}</h3>
          <ul>
            <li>{t('ownership.notOurs.happens')}</li>
            <li>{t('ownership.notOurs.stays')}</li>
          </ul>
        </section>
        <Field id="not-ours" label={t('ownership.notOurs.reason')} hint={t('ownership.notOurs.reasonHint')}>
          <Input
            id="not-ours"
            maxLength={1000}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
            onPressEnter={submit}
          />
        </Field>
        {notOurs.error === null ? null : <Failure error={notOurs.error} />}
      </div>
    </Modal>
  );
}
