import type { TwoFactorSetup } from '@backcheck/contract';
import { Button } from 'antd';
import { QRCodeSVG } from 'qrcode.react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../ui/CopyButton.tsx';
import { focusField, isComplete, TextField } from '../ui/TextField.tsx';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import { RecoveryCodes } from './RecoveryCodes.tsx';
import { Refused } from './Refused.tsx';
import { useConfirmTwoFactor } from './use-sign-in.ts';
import './sign-in.css';

const CODE = 'two-factor-code';

interface EnrolTwoFactorProps {
  readonly setup: TwoFactorSetup;
  readonly account: string;
  /** The second step is on and the recovery codes are kept. */
  readonly onDone: () => void;
}

/** Secret, first code, recovery codes. */
export function EnrolTwoFactor({ setup, account, onDone }: EnrolTwoFactorProps) {
  const { t } = useTranslation();
  const confirm = useConfirmTwoFactor();
  const beginning = useFocusOnMount<HTMLParagraphElement>();
  const [typed, setTyped] = useState('');
  const [checked, setChecked] = useState(false);
  const code = typed.replaceAll(/\s/g, '');
  const error = /^[0-9]{6}$/.test(code) ? undefined : t('signIn.codeNeeded');
  if (confirm.isSuccess) {
    return <RecoveryCodes codes={setup.recoveryCodes} account={account} onKept={onDone} />;
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (isComplete({ [CODE]: error })) confirm.mutate(code, { onError: () => focusField(CODE) });
  };
  return (
    <form className="steps" noValidate onSubmit={submit}>
      <p tabIndex={-1} ref={beginning}>
        {t('signIn.twoFactor.scan')}
      </p>
      <QRCodeSVG
        value={setup.uri}
        size={200}
        marginSize={4}
        bgColor="#ffffff"
        fgColor="#000000"
        role="img"
        title={t('signIn.twoFactor.qr')}
        className="qr"
      />
      <div>
        <p>{t('signIn.twoFactor.secret')}</p>
        <p className="secret">
          <code>{setup.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
        </p>
        <CopyButton text={setup.secret} label={t('signIn.twoFactor.copySecret')} />
      </div>
      <Refused error={confirm.error} />
      <TextField
        id={CODE}
        label={t('signIn.twoFactor.code')}
        autoComplete="one-time-code"
        inputMode="numeric"
        maxLength={10}
        value={typed}
        error={checked ? error : undefined}
        onChange={setTyped}
      />
      <div className="steps-end">
        <Button type="primary" htmlType="submit" loading={confirm.isPending}>
          {t('signIn.twoFactor.confirm')}
        </Button>
      </div>
    </form>
  );
}
