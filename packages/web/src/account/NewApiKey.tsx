import { API_KEY_SCOPES } from '@backcheck/contract';
import { Button, Modal, Radio } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../ui/CopyButton.tsx';
import { EndDateField } from '../ui/EndDateField.tsx';
import { Failure } from '../ui/Failure.tsx';
import { isComplete, TextField } from '../ui/TextField.tsx';
import { useCreateApiKey, useKeysAgain } from './use-account.ts';

const NAME = 'key-name';

export function NewApiKey({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const create = useCreateApiKey();
  const again = useKeysAgain();
  const form = useId();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<(typeof API_KEY_SCOPES)[number]>('read');
  const [expiresAt, setExpiresAt] = useState<string | null>(null);
  const [checked, setChecked] = useState(false);
  const missing = name.trim() === '' ? t('account.keys.nameNeeded') : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!isComplete({ [NAME]: missing })) return;
    create.mutate({ name: name.trim(), scope, ...(expiresAt === null ? {} : { expiresAt }) });
  };
  if (create.data !== undefined) {
    const finish = () => {
      onClose();
      void again();
    };
    return (
      <Modal
        open
        title={t('account.keys.created')}
        onCancel={finish}
        footer={
          <Button type="primary" onClick={finish}>
            {t('account.keys.done')}
          </Button>
        }
      >
        <p>{t('account.keys.createdLead')}</p>
        <p className="secret">
          <code>{create.data.key}</code>
        </p>
        <CopyButton text={create.data.key} label={t('account.keys.copy')} />
      </Modal>
    );
  }
  return (
    <Modal
      open
      title={t('account.keys.add')}
      okText={t('account.keys.create')}
      okButtonProps={{ htmlType: 'submit', form }}
      confirmLoading={create.isPending}
      onCancel={onClose}
    >
      <form id={form} className="steps" noValidate onSubmit={submit}>
        {create.error === null ? null : <Failure error={create.error} />}
        <TextField
          id={NAME}
          label={t('account.keys.name')}
          maxLength={200}
          autoComplete="off"
          value={name}
          error={checked ? missing : undefined}
          onChange={setName}
        />
        <fieldset>
          <legend>{t('account.keys.scope')}</legend>
          <Radio.Group
            vertical
            value={scope}
            options={API_KEY_SCOPES.map((value) => ({
              value,
              label: (
                <>
                  {t(`account.keys.scopes.${value}`)}{' '}
                  <span className="hint">{t(`account.keys.scopeMeanings.${value}`)}</span>
                </>
              ),
            }))}
            onChange={({ target }) => setScope(target.value)}
          />
        </fieldset>
        <EndDateField
          id="key-end"
          label={t('account.keys.ends')}
          hint={t('account.keys.endsHint')}
          latest="in a year"
          value={expiresAt}
          onChange={setExpiresAt}
        />
      </form>
    </Modal>
  );
}
