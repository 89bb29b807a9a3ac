import type { Session } from '@backcheck/contract';
import { Alert, Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LEAST_LENGTH, NewPassword } from '../sign-in/NewPassword.tsx';
import { Refused, useWait } from '../sign-in/Refused.tsx';
import { focusField, isComplete, TextField } from '../ui/TextField.tsx';
import { useChangePassword } from './use-account.ts';
import '../sign-in/sign-in.css';

const CURRENT = 'current-password';
const NEXT = 'changed-password';

export function Password({ session }: { readonly session: Session }) {
  const { t } = useTranslation();
  const change = useChangePassword();
  const [open, setOpen] = useState(false);
  return (
    <section className="panel" aria-labelledby="password-title">
      <h2 id="password-title">{t('account.password.title')}</h2>
      {session.hasPassword ? null : <p>{t('account.password.none')}</p>}
      {change.isSuccess && !open ? (
        <Alert type="success" showIcon title={t('account.password.done')} className="outcome-note" />
      ) : null}
      {open ? (
        <ChangeForm session={session} change={change} onClose={() => setOpen(false)} />
      ) : session.hasPassword ? (
        <Button onClick={() => setOpen(true)}>{t('account.password.change')}</Button>
      ) : null}
    </section>
  );
}

interface ChangeFormProps {
  readonly session: Session;
  readonly change: ReturnType<typeof useChangePassword>;
  readonly onClose: () => void;
}

function ChangeForm({ session, change, onClose }: ChangeFormProps) {
  const { t } = useTranslation();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [checked, setChecked] = useState(false);
  const waiting = useWait(change.error) !== null;
  const errors = {
    [CURRENT]: current === '' ? t('signIn.passwordNeeded') : undefined,
    [NEXT]: password.length < LEAST_LENGTH ? t('signIn.newPassword.needed') : undefined,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!isComplete(errors) || waiting) return;
    change.mutate({ current, password }, { onSuccess: onClose, onError: () => focusField(CURRENT) });
  };
  return (
    <form className="steps" noValidate onSubmit={submit}>
      <Refused error={change.error} />
      <TextField
        id={CURRENT}
        label={t('account.password.current')}
        type="password"
        autoComplete="current-password"
        maxLength={128}
        value={current}
        error={checked ? errors[CURRENT] : undefined}
        onChange={setCurrent}
      />
      <NewPassword
        id={NEXT}
        email={session.email}
        value={password}
        error={checked ? errors[NEXT] : undefined}
        onChange={setPassword}
      />
      <div className="steps-end">
        <Button type="primary" htmlType="submit" disabled={waiting} loading={change.isPending}>
          {t('account.password.submit')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </form>
  );
}
