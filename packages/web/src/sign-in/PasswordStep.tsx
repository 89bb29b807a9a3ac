import type { Session } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { focusField, isComplete, TextField } from '../ui/TextField.tsx';
import { Refused, useWait } from './Refused.tsx';
import { useSignIn, useSingleSignOn, useWaysToSignIn } from './use-sign-in.ts';

const EMAIL = 'sign-in-email';
const PASSWORD = 'sign-in-password';

interface PasswordStepProps {
  /** Whose screen is kept behind this page: what leads away from it opens in a tab of its own. */
  readonly ended: Session | undefined;
  readonly onSecondStep: () => void;
}

export function PasswordStep({ ended, onSecondStep }: PasswordStepProps) {
  const { t } = useTranslation();
  const { data: ways } = useWaysToSignIn();
  const signIn = useSignIn();
  const singleSignOn = useSingleSignOn();
  const [email, setEmail] = useState(ended?.email ?? '');
  const [password, setPassword] = useState('');
  const [checked, setChecked] = useState(false);
  const waiting = useWait(signIn.error) !== null;
  const errors = {
    [EMAIL]: email.includes('@') ? undefined : t('signIn.emailNeeded'),
    [PASSWORD]: password === '' ? t('signIn.passwordNeeded') : undefined,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!isComplete(errors) || waiting) return;
    signIn.mutate(
      { email: email.trim(), password },
      {
        onSuccess: ({ next }) => (next === 'two-factor' ? onSecondStep() : undefined),
        onError: () => focusField(PASSWORD),
      },
    );
  };
  return (
    <>
      <form className="steps" noValidate onSubmit={submit}>
        <Refused error={signIn.error ?? singleSignOn.error} />
        <TextField
          id={EMAIL}
          label={t('signIn.email')}
          type="email"
          autoComplete="username"
          maxLength={254}
          value={email}
          error={checked ? errors[EMAIL] : undefined}
          onChange={setEmail}
        />
        <TextField
          id={PASSWORD}
          label={t('signIn.password')}
          type="password"
          autoComplete="current-password"
          maxLength={128}
          value={password}
          error={checked ? errors[PASSWORD] : undefined}
          onChange={setPassword}
        />
        <div className="steps-end">
          <Button type="primary" htmlType="submit" disabled={waiting} loading={signIn.isPending}>
            {t('signIn.submit')}
          </Button>
          <Link to="/forgotten-password" {...(ended === undefined ? {} : { target: '_blank' })}>
            {t('signIn.forgotten')}
          </Link>
        </div>
      </form>
      {ways?.singleSignOn === true ? (
        <Button
          block
          loading={singleSignOn.isPending}
          {...(ended === undefined
            ? { onClick: () => singleSignOn.mutate() }
            : { href: '/', target: '_blank' })}
        >
          {t(ended === undefined ? 'signIn.singleSignOn' : 'signIn.singleSignOnBeside')}
        </Button>
      ) : null}
    </>
  );
}
