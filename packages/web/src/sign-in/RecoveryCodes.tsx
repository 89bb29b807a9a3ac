import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../ui/CopyButton.tsx';
import { useFocusOnMount } from '../ui/use-focus-on-mount.ts';
import './sign-in.css';

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  /** Name or address, for the file and the paper. */
  readonly account: string;
  readonly onKept: () => void;
}

/** Shown once: one goes on only after saying that they are kept. */
export function RecoveryCodes({ codes, account, onKept }: RecoveryCodesProps) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(false);
  const heading = useFocusOnMount<HTMLHeadingElement>();
  const about = t('signIn.twoFactor.file', { account });
  return (
    <section className="recovery-codes" aria-labelledby="recovery-codes-title">
      <h2 id="recovery-codes-title" tabIndex={-1} ref={heading}>
        {t('signIn.twoFactor.recovery')}
      </h2>
      <p>{t('signIn.twoFactor.recoveryLead')}</p>
      <p className="only-printed">{about}</p>
      <ul>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="steps-end not-printed">
        <CopyButton text={codes.join('\n')} label={t('signIn.twoFactor.copy')} />
        <Button
          onClick={() => saveText('backcheck-recovery-codes.txt', [about, '', ...codes, ''].join('\r\n'))}
        >
          {t('signIn.twoFactor.download')}
        </Button>
        <Button onClick={() => window.print()}>{t('signIn.twoFactor.print')}</Button>
      </div>
      <div className="steps-end not-printed">
        <Checkbox checked={kept} onChange={({ target }) => setKept(target.checked)}>
          {t('signIn.twoFactor.kept')}
        </Checkbox>
        <Button type="primary" disabled={!kept} onClick={onKept}>
          {t('signIn.twoFactor.done')}
        </Button>
      </div>
    </section>
  );
}

function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
