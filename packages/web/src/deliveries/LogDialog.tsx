import { CHANNEL_LABELS, LOGGED_CHANNELS, type LogDelivery } from '@backcheck/contract';
import { Checkbox, Input, Modal, Radio } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '../app/request.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { isComplete, TextField } from '../ui/TextField.tsx';
import { useDeed } from './use-deliveries.ts';

/** As a field of the browser writes it, in the reader's zone. */
const localNow = (): string => {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

interface LogDialogProps {
  readonly noticeId: string;
  readonly onClose: () => void;
}

/** A call that was made, or a paper that was handed over. */
export function LogDialog({ noticeId, onClose }: LogDialogProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const deed = useDeed(noticeId);
  const form = useId();
  const [key] = useState(newKey);
  const [channel, setChannel] = useState<LogDelivery['channel']>('phone');
  const [recipient, setRecipient] = useState('');
  const [at, setAt] = useState(localNow);
  const [received, setReceived] = useState(false);
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const errors = {
    'log-recipient': recipient.trim() === '' ? t('deliveries.log.recipientMissing') : undefined,
    'log-at': at === '' ? t('deliveries.log.atMissing') : undefined,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isComplete(errors)) return;
    const entry = { channel, recipient: recipient.trim(), at: new Date(at).toISOString(), received, note };
    deed.mutate({ kind: 'log', entry, key }, { onSuccess: onClose });
  };
  return (
    <Modal
      open
      title={t('deliveries.log.open')}
      okText={t('deliveries.log.save')}
      okButtonProps={{ htmlType: 'submit', form }}
      confirmLoading={deed.isPending}
      onCancel={onClose}
    >
      <form id={form} className="steps" noValidate onSubmit={submit}>
        <fieldset className="log-channel">
          <legend>{t('deliveries.log.channel')}</legend>
          <Radio.Group
            value={channel}
            onChange={({ target }) => setChannel(target.value)}
            options={LOGGED_CHANNELS.map((one) => ({ value: one, label: CHANNEL_LABELS[one][language] }))}
          />
        </fieldset>
        <TextField
          id="log-recipient"
          label={t('deliveries.log.recipient')}
          hint={t('deliveries.log.recipientHint')}
          maxLength={200}
          value={recipient}
          error={tried ? errors['log-recipient'] : undefined}
          onChange={setRecipient}
        />
        <TextField
          id="log-at"
          type="datetime-local"
          label={t('deliveries.log.at')}
          value={at}
          error={tried ? errors['log-at'] : undefined}
          onChange={setAt}
        />
        <Field id="log-note" label={t('deliveries.log.note')}>
          <Input.TextArea
            id="log-note"
            rows={3}
            maxLength={2000}
            value={note}
            onChange={({ target }) => setNote(target.value)}
          />
        </Field>
        <Checkbox checked={received} onChange={({ target }) => setReceived(target.checked)}>
          {t('deliveries.log.received')}
        </Checkbox>
        {deed.error === null ? null : <Failure error={deed.error} />}
      </form>
    </Modal>
  );
}
