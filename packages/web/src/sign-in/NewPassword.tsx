import { Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextField } from '../ui/TextField.tsx';

/** The contract's NewPassword. */
export const LEAST_LENGTH = 12;
const STRENGTHS = [
  { from: 20, text: 'signIn.newPassword.strong' },
  { from: 16, text: 'signIn.newPassword.good' },
  { from: LEAST_LENGTH, text: 'signIn.newPassword.enough' },
] as const;

interface NewPasswordProps {
  readonly id: string;
  /** For password managers: whose it is. */
  readonly email: string | null;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

/** The rules before anything is typed, and how long the password is while it is. */
export function NewPassword({ id, email, value, error, onChange }: NewPasswordProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <>
      <div className="rules">
        <h2>{t('signIn.newPassword.rules')}</h2>
        <ul>
          <li>{t('signIn.newPassword.length')}</li>
          <li>{t('signIn.newPassword.composition')}</li>
          <li>{t('signIn.newPassword.own')}</li>
        </ul>
      </div>
      {email === null ? null : <input type="text" autoComplete="username" value={email} readOnly hidden />}
      <div>
        <TextField
          id={id}
          label={t('signIn.newPassword.label')}
          type={shown ? 'text' : 'password'}
          autoComplete="new-password"
          maxLength={128}
          value={value}
          error={error}
          onChange={onChange}
        />
        <Strength length={value.length} />
      </div>
      <Checkbox checked={shown} onChange={({ target }) => setShown(target.checked)}>
        {t('signIn.newPassword.show')}
      </Checkbox>
    </>
  );
}

function Strength({ length }: { readonly length: number }) {
  const { t } = useTranslation();
  const reached = STRENGTHS.find(({ from }) => length >= from);
  const missing = t('signIn.newPassword.short', { count: LEAST_LENGTH - length });
  return (
    <div className="strength" data-reached={reached !== undefined}>
      <span className="strength-bar" aria-hidden="true">
        <span style={{ width: `${Math.min(100, (length / 20) * 100)}%` }} />
      </span>
      <span role="status">{length === 0 ? '' : reached === undefined ? missing : t(reached.text)}</span>
    </div>
  );
}
