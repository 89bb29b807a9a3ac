import { Button, Modal } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Failure } from '../ui/Failure.tsx';
import { FieldError, isComplete, TextField } from '../ui/TextField.tsx';
import { useRegisterWebhook } from './use-deliveries.ts';

/** Registers an address and shows its secret, once. */
export function RegisterWebhookDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const register = useRegisterWebhook();
  const form = useId();
  const [organizationId, setOrganizationId] = useState<string>();
  const [url, setUrl] = useState('');
  const [tried, setTried] = useState(false);
  const errors = {
    'webhook-organization': organizationId === undefined ? t('deliveries.webhooks.ofMissing') : undefined,
    'webhook-url': URL.canParse(url.trim()) ? undefined : t('deliveries.webhooks.urlMissing'),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isComplete(errors) && organizationId !== undefined)
      register.mutate({ organizationId, url: url.trim() });
  };
  if (register.data !== undefined) return <SecretOnce secret={register.data.secret} onClose={onClose} />;
  return (
    <Modal
      open
      title={t('deliveries.webhooks.register')}
      okText={t('deliveries.webhooks.register')}
      okButtonProps={{ htmlType: 'submit', form }}
      confirmLoading={register.isPending}
      onCancel={onClose}
    >
      <form id={form} className="steps" noValidate onSubmit={submit}>
        <div className="field">
          <label htmlFor="webhook-organization">{t('deliveries.webhooks.of')}</label>
          <OrganizationSelect
            id="webhook-organization"
            value={organizationId}
            placeholder={t('deliveries.webhooks.ofMissing')}
            onChange={setOrganizationId}
          />
          <FieldError id="webhook-organization" error={tried ? errors['webhook-organization'] : undefined} />
        </div>
        <TextField
          id="webhook-url"
          type="url"
          inputMode="url"
          label={t('deliveries.webhooks.url')}
          hint={t('deliveries.webhooks.urlHint')}
          maxLength={500}
          placeholder="https://tickets.example.org/backcheck"
          value={url}
          error={tried ? errors['webhook-url'] : undefined}
          onChange={setUrl}
        />
        {register.error === null ? null : <Failure error={register.error} />}
      </form>
    </Modal>
  );
}

function SecretOnce({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={t('deliveries.webhooks.registeredTitle')}
      onCancel={onClose}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('deliveries.webhooks.done')}
        </Button>
      }
    >
      <p>{t('deliveries.webhooks.secretOnce')}</p>
      <p className="secret">
        <code>{secret}</code>
      </p>
      <CopyButton text={secret} label={t('deliveries.webhooks.copy')} />
    </Modal>
  );
}
