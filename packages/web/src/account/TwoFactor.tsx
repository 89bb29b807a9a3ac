import type { Session } from '@backcheck/contract';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmPassword } from '../sign-in/ConfirmPassword.tsx';
import { EnrolTwoFactor } from '../sign-in/EnrolTwoFactor.tsx';
import { RecoveryCodes } from '../sign-in/RecoveryCodes.tsx';
import { useBeginTwoFactor } from '../sign-in/use-sign-in.ts';
import { useNewRecoveryCodes, useTwoFactorOff } from './use-account.ts';

type Step = 'set-up' | 'turn-off' | 'new-codes';

export function TwoFactor({ session }: { readonly session: Session }) {
  const { t } = useTranslation();
  const [step, setStep] = useState<Step | null>(null);
  const on = session.twoFactor === 'on';
  const close = () => setStep(null);
  return (
    <section className="panel" aria-labelledby="two-factor-title">
      <h2 id="two-factor-title">{t('account.twoFactor.title')}</h2>
      {session.hasPassword ? (
        <p>{t(on ? 'account.twoFactor.on' : 'account.twoFactor.off')}</p>
      ) : (
        <p>{t('account.twoFactor.needsPassword')}</p>
      )}
      {step === null && session.hasPassword ? (
        <div className="steps-end">
          {on ? (
            <>
              <Button onClick={() => setStep('new-codes')}>{t('account.twoFactor.newCodes')}</Button>
              <Button onClick={() => setStep('turn-off')}>{t('account.twoFactor.turnOff')}</Button>
            </>
          ) : (
            <Button onClick={() => setStep('set-up')}>{t('account.twoFactor.setUp')}</Button>
          )}
        </div>
      ) : null}
      {step === 'set-up' ? <SetUp session={session} onClose={close} /> : null}
      {step === 'new-codes' ? <NewCodes session={session} onClose={close} /> : null}
      {step === 'turn-off' ? <TurnOff onClose={close} /> : null}
    </section>
  );
}

interface StepProps {
  readonly session: Session;
  readonly onClose: () => void;
}

function SetUp({ session, onClose }: StepProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const begin = useBeginTwoFactor();
  const done = () => {
    onClose();
    // Also the list of sessions: the others have ended.
    void client.invalidateQueries();
  };
  return begin.data === undefined ? (
    <ConfirmPassword
      action={t('signIn.twoFactor.begin')}
      busy={begin.isPending}
      error={begin.error}
      onConfirm={begin.mutateAsync}
      onCancel={onClose}
    />
  ) : (
    <EnrolTwoFactor setup={begin.data} account={session.email ?? session.account.name} onDone={done} />
  );
}

function NewCodes({ session, onClose }: StepProps) {
  const { t } = useTranslation();
  const make = useNewRecoveryCodes();
  if (make.data !== undefined) {
    return (
      <RecoveryCodes
        codes={make.data.recoveryCodes}
        account={session.email ?? session.account.name}
        onKept={onClose}
      />
    );
  }
  return (
    <>
      <p>{t('account.twoFactor.newCodesLead')}</p>
      <ConfirmPassword
        action={t('account.twoFactor.newCodes')}
        busy={make.isPending}
        error={make.error}
        onConfirm={make.mutateAsync}
        onCancel={onClose}
      />
    </>
  );
}

function TurnOff({ onClose }: Pick<StepProps, 'onClose'>) {
  const { t } = useTranslation();
  const off = useTwoFactorOff();
  return (
    <>
      <p>{t('account.twoFactor.offLead')}</p>
      <ConfirmPassword
        danger
        action={t('account.twoFactor.turnOff')}
        busy={off.isPending}
        error={off.error}
        onConfirm={async (password) => {
          await off.mutateAsync(password);
          onClose();
        }}
        onCancel={onClose}
      />
    </>
  );
}
