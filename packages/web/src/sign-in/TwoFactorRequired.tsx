import type { Session } from '@backcheck/contract';
import { useQueryClient } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { startOver } from '../app/use-session.ts';
import { useTitle } from '../ui/use-title.ts';
import { ConfirmPassword } from './ConfirmPassword.tsx';
import { EnrolTwoFactor } from './EnrolTwoFactor.tsx';
import { useBeginTwoFactor } from './use-sign-in.ts';

/** In place of every screen of an account that must have a second step and has none. */
export function TwoFactorRequired({ session }: { readonly session: Session }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const begin = useBeginTwoFactor();
  useTitle(t('signIn.twoFactor.required'));
  return (
    <section className="sign-in" aria-labelledby="two-factor-title">
      <h1 id="two-factor-title">{t('signIn.twoFactor.required')}</h1>
      <p>{t('signIn.twoFactor.requiredLead')}</p>
      {begin.data !== undefined ? (
        <EnrolTwoFactor
          setup={begin.data}
          account={session.email ?? session.account.name}
          onDone={() => void startOver(client)}
        />
      ) : session.hasPassword ? (
        <ConfirmPassword
          action={t('signIn.twoFactor.begin')}
          busy={begin.isPending}
          error={begin.error}
          onConfirm={begin.mutateAsync}
        />
      ) : (
        <Alert type="warning" showIcon title={t('signIn.twoFactor.noPassword')} />
      )}
    </section>
  );
}
