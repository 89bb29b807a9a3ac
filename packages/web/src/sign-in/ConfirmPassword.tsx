import { Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { focusField, isComplete, TextField } from '../ui/TextField.tsx';
import { Refused, useWait } from './Refused.tsx';
import './sign-in.css';

const PASSWORD = 'confirm-password';

interface ConfirmPasswordProps {
  readonly action: string;
  readonly danger?: boolean;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onConfirm: (password: string) => Promise<unknown>;
  readonly onCancel?: () => void;
}

/** Asked again before what protects the account changes: an open page alone must not be enough. */
export function ConfirmPassword({
  action,
  danger = false,
  busy,
  error,
  onConfirm,
  onCancel,
}: ConfirmPasswordProps) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [checked, setChecked] = useState(false);
  const waiting = useWait(error) !== null;
  const missing = password === '' ? t('signIn.passwordNeeded') : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!isComplete({ [PASSWORD]: missing }) || waiting) return;
    onConfirm(password).catch(() => focusField(PASSWORD));
  };
  return (
    <form className="steps" noValidate onSubmit={submit}>
      <Refused error={error} />
      <TextField
        id={PASSWORD}
        label={t('signIn.twoFactor.confirmPassword')}
        type="password"
        autoComplete="current-password"
        maxLength={128}
        value={password}
        error={checked ? missing : undefined}
        onChange={setPassword}
      />
      <div className="steps-end">
        <Button type="primary" danger={danger} htmlType="submit" disabled={waiting} loading={busy}>
          {action}
        </Button>
        {onCancel === undefined ? null : <Button onClick={onCancel}>{t('cancel')}</Button>}
      </div>
    </form>
  );
}
