import { Button, Input, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { Moment } from '../ui/Moment.tsx';
import { useDeed, useDeliveries } from './use-deliveries.ts';
import './deliveries.css';

/** For the organization's side: says that they have it. That the notice was opened is noted, and is no receipt. */
export function ReceiptButton({ noticeId }: { readonly noticeId: string }) {
  const { t } = useTranslation();
  const { data } = useDeliveries(noticeId);
  const deed = useDeed(noticeId);
  const { mutate: tellOpened } = useDeed(noticeId);
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const mayAcknowledge = data?.yours.mayAcknowledge === true;
  const unread =
    data?.items.some(({ channel, readAt }) => channel === 'platform' && readAt === null) === true;
  useEffect(() => {
    if (mayAcknowledge && unread) tellOpened({ kind: 'opened' });
  }, [mayAcknowledge, unread, tellOpened]);
  const acknowledgedAt = data?.yours.acknowledgedAt ?? null;
  if (acknowledgedAt !== null)
    return (
      <p role="status" className="received">
        {t('deliveries.acknowledged')} <Moment at={acknowledgedAt} />
      </p>
    );
  if (!mayAcknowledge) return null;
  return (
    <div className="receipt-call">
      <p>{t('deliveries.askReceipt')}</p>
      <Button type="primary" size="large" onClick={() => setOpen(true)}>
        {t('deliveries.acknowledge')}
      </Button>
      {open ? (
        <Modal
          open
          title={t('deliveries.acknowledge')}
          okText={t('deliveries.acknowledge')}
          confirmLoading={deed.isPending}
          onOk={() =>
            deed.mutate({ kind: 'acknowledge', note: note.trim() }, { onSuccess: () => setOpen(false) })
          }
          onCancel={() => setOpen(false)}
        >
          <p>{t('deliveries.acknowledgeHint')}</p>
          <Field id="receipt-note" label={t('deliveries.receiptNote')}>
            <Input.TextArea
              id="receipt-note"
              rows={2}
              maxLength={2000}
              value={note}
              onChange={({ target }) => setNote(target.value)}
            />
          </Field>
          {deed.error === null ? null : <Failure error={deed.error} />}
        </Modal>
      ) : null}
    </div>
  );
}
