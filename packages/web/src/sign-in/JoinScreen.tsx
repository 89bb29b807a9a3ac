import { type InvitationGreeting, Session } from '@backcheck/contract';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { Alert, Button, Spin } from 'antd';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../app/request.ts';
import { startOver } from '../app/use-session.ts';
import { offerLanguage } from '../i18n/i18n.ts';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { focusField, isComplete } from '../ui/TextField.tsx';
import { useTitle } from '../ui/use-title.ts';
import { EnrolTwoFactor } from './EnrolTwoFactor.tsx';
import { LEAST_LENGTH, NewPassword } from './NewPassword.tsx';
import { Refused } from './Refused.tsx';
import { useAcceptInvitation, useBeginTwoFactor, useInvitation } from './use-sign-in.ts';
import './sign-in.css';

const PASSWORD = 'join-password';

/** An invited person comes here by the link of the mail, `/join#token`. */
export function JoinScreen() {
  const { t } = useTranslation();
  const { hash } = useLocation();
  const { data, error, isLoading } = useInvitation(hash);
  useTitle(t('signIn.join.title'));
  useEffect(() => {
    if (data !== undefined) void offerLanguage(data.language);
  }, [data]);
  return (
    <section className="sign-in" aria-labelledby="join-title">
      <h1 id="join-title">{t('signIn.join.title')}</h1>
      {hash === '' ? <Alert type="warning" showIcon title={t('signIn.join.noToken')} /> : null}
      {error === null ? null : <Failure error={error} />}
      {isLoading ? <Spin description={t('loading')} delay={300} /> : null}
      {data === undefined ? (
        <Link to="/">{t('signIn.reset.back')}</Link>
      ) : (
        <Join token={hash} greeting={data} />
      )}
    </section>
  );
}

interface JoinProps {
  readonly token: string;
  readonly greeting: InvitationGreeting;
}

function Join({ token, greeting }: JoinProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const accept = useAcceptInvitation();
  const begin = useBeginTwoFactor();
  const [password, setPassword] = useState('');
  const [checked, setChecked] = useState(false);
  const [optional, setOptional] = useState(false);
  const error = password.length < LEAST_LENGTH ? t('signIn.newPassword.needed') : undefined;

  const enter = async () => {
    await startOver(client);
    await navigate({ to: '/', replace: true });
  };
  const join = async () => {
    await accept.mutateAsync({ token, password });
    const { twoFactor } = await get(Session, '/session');
    if (twoFactor === 'required') await begin.mutateAsync(password);
    else setOptional(true);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (isComplete({ [PASSWORD]: error })) join().catch(() => focusField(PASSWORD));
  };

  if (begin.data !== undefined) {
    return (
      <>
        <h2>{t('signIn.join.twoFactorStep')}</h2>
        <EnrolTwoFactor setup={begin.data} account={greeting.email} onDone={() => void enter()} />
      </>
    );
  }
  if (optional) {
    return (
      <>
        <h2>{t('signIn.join.twoFactorStep')}</h2>
        <p>{t('signIn.join.optional')}</p>
        <Refused error={begin.error} />
        <div className="steps-end">
          <Button type="primary" loading={begin.isPending} onClick={() => begin.mutate(password)}>
            {t('signIn.join.setUp')}
          </Button>
          <Button onClick={() => void enter()}>{t('signIn.join.later')}</Button>
        </div>
      </>
    );
  }
  return (
    <>
      <p>
        {t('signIn.join.greeting', { name: greeting.name, email: greeting.email })}{' '}
        <span className="hint">
          {t('signIn.join.until')} <Moment at={greeting.expiresAt} />
        </span>
      </p>
      <form className="steps" noValidate onSubmit={submit}>
        <Refused error={accept.error ?? begin.error} />
        <NewPassword
          id={PASSWORD}
          email={greeting.email}
          value={password}
          error={checked ? error : undefined}
          onChange={setPassword}
        />
        <div className="steps-end">
          <Button type="primary" htmlType="submit" loading={accept.isPending || begin.isPending}>
            {t('signIn.join.submit')}
          </Button>
        </div>
      </form>
    </>
  );
}
