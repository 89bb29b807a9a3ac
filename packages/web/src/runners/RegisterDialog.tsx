import { Button, Modal } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { isComplete, TextField } from '../ui/TextField.tsx';
import { useRegisterRunner } from './use-runners.ts';

/** Registers a runner and shows its key, once, in the command that starts it. */
export function RegisterDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const register = useRegisterRunner();
  const form = useId();
  const [name, setName] = useState('');
  const [vantage, setVantage] = useState('');
  const [organizationId, setOrganizationId] = useState<string>();
  const [tried, setTried] = useState(false);
  const errors = {
    'runner-name': name.trim() === '' ? t('runners.nameMissing') : undefined,
    'runner-vantage': vantage.trim() === '' ? t('runners.vantageMissing') : undefined,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isComplete(errors)) return;
    register.mutate({
      name: name.trim(),
      vantage: vantage.trim(),
      ...(organizationId === undefined ? {} : { organizationId }),
    });
  };
  if (register.data !== undefined) return <KeyOnce keyText={register.data.key} onClose={onClose} />;
  return (
    <Modal
      open
      title={t('runners.register')}
      okText={t('runners.register')}
      okButtonProps={{ htmlType: 'submit', form }}
      confirmLoading={register.isPending}
      onCancel={onClose}
    >
      <form id={form} className="steps" noValidate onSubmit={submit}>
        <TextField
          id="runner-name"
          label={t('runners.name')}
          maxLength={100}
          value={name}
          error={tried ? errors['runner-name'] : undefined}
          onChange={setName}
        />
        <TextField
          id="runner-vantage"
          label={t('runners.vantage')}
          hint={t('runners.vantageHint')}
          maxLength={100}
          value={vantage}
          error={tried ? errors['runner-vantage'] : undefined}
          onChange={setVantage}
        />
        <Field id="runner-organization" label={t('runners.for')} hint={t('runners.forHint')}>
          <OrganizationSelect
            id="runner-organization"
            allowClear
            value={organizationId}
            placeholder={t('runners.everyone')}
            onChange={setOrganizationId}
          />
        </Field>
        {register.error === null ? null : <Failure error={register.error} />}
      </form>
    </Modal>
  );
}

function KeyOnce({ keyText, onClose }: { readonly keyText: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const command = `backcheck runner --server ${location.origin} --key ${keyText}`;
  return (
    <Modal
      open
      title={t('runners.registered')}
      onCancel={onClose}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('runners.done')}
        </Button>
      }
    >
      <p>{t('runners.keyOnce')}</p>
      <p className="secret">
        <code>{command}</code>
      </p>
      <CopyButton text={command} label={t('runners.copy')} />
    </Modal>
  );
}
