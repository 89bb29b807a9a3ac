import { useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { startOver } from '../app/use-session.ts';
import { focusField, isComplete } from '../ui/TextField.tsx';
import { useTitle } from '../ui/use-title.ts';
import { LEAST_LENGTH, NewPassword } from './NewPassword.tsx';
import { Refused } from './Refused.tsx';
import { useResetPassword } from './use-sign-in.ts';
import './sign-in.css';

const PASSWORD = 'reset-password';

/** By the link of the mail, `/new-password#token`. */
export function NewPasswordScreen() {
  const { t } = useTranslation();
  const { hash } = useLocation();
  const [done, setDone] = useState(false);
  const title = t(done ? 'signIn.reset.done' : 'signIn.reset.title');
  useTitle(title);
  return (
    <section className="sign-in" aria-labelledby="new-password-title">
      <h1 id="new-password-title">{title}</h1>
      {hash === '' ? <Alert type="warning" showIcon title={t('signIn.reset.noToken')} /> : null}
      {done ? <p role="status">{t('signIn.reset.doneLead')}</p> : null}
      {hash === '' || done ? null : <ResetForm token={hash} onDone={() => setDone(true)} />}
      <p>
        <Link to="/">{t('signIn.reset.back')}</Link>
      </p>
    </section>
  );
}

function ResetForm({ token, onDone }: { readonly token: string; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const reset = useResetPassword();
  const [password, setPassword] = useState('');
  const [checked, setChecked] = useState(false);
  const error = password.length < LEAST_LENGTH ? t('signIn.newPassword.needed') : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!isComplete({ [PASSWORD]: error })) return;
    const onSuccess = () => {
      onDone();
      // All sessions were ended, also the one of this browser.
      void startOver(client);
    };
    reset.mutate({ token, password }, { onSuccess, onError: () => focusField(PASSWORD) });
  };
  return (
    <form className="steps" noValidate onSubmit={submit}>
      <Refused error={reset.error} />
      <NewPassword
        id={PASSWORD}
        email={null}
        value={password}
        error={checked ? error : undefined}
        onChange={setPassword}
      />
      <div className="steps-end">
        <Button type="primary" htmlType="submit" loading={reset.isPending}>
          {t('signIn.reset.submit')}
        </Button>
      </div>
    </form>
  );
}
