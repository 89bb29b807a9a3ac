import { Link } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isComplete, TextField } from '../ui/TextField.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Refused, useWait } from './Refused.tsx';
import { useAskPasswordReset, useWaysToSignIn } from './use-sign-in.ts';
import './sign-in.css';

const EMAIL = 'reset-email';

export function ForgottenPasswordScreen() {
  const { t } = useTranslation();
  const { data: ways } = useWaysToSignIn();
  const ask = useAskPasswordReset();
  const title = t(ask.isSuccess ? 'signIn.reset.asked' : 'signIn.reset.ask');
  useTitle(title);
  return (
    <section className="sign-in" aria-labelledby="reset-title">
      <h1 id="reset-title">{title}</h1>
      {ways?.passwordReset === false ? (
        <Alert type="info" showIcon title={t('signIn.reset.noMail')} />
      ) : ask.isSuccess ? (
        <p role="status">{t('signIn.reset.askedLead', { email: ask.variables })}</p>
      ) : (
        <AskForm ask={ask} />
      )}
      <p>
        <Link to="/">{t('signIn.reset.back')}</Link>
      </p>
    </section>
  );
}

function AskForm({ ask }: { readonly ask: ReturnType<typeof useAskPasswordReset> }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [checked, setChecked] = useState(false);
  const waiting = useWait(ask.error) !== null;
  const error = email.includes('@') ? undefined : t('signIn.emailNeeded');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (isComplete({ [EMAIL]: error }) && !waiting) ask.mutate(email.trim());
  };
  return (
    <form className="steps" noValidate onSubmit={submit}>
      <p>{t('signIn.reset.askLead')}</p>
      <Refused error={ask.error} />
      <TextField
        id={EMAIL}
        label={t('signIn.email')}
        type="email"
        autoComplete="username"
        maxLength={254}
        value={email}
        error={checked ? error : undefined}
        onChange={setEmail}
      />
      <div className="steps-end">
        <Button type="primary" htmlType="submit" disabled={waiting} loading={ask.isPending}>
          {t('signIn.reset.askSubmit')}
        </Button>
      </div>
    </form>
  );
}
