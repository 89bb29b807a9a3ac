import { Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../app/request.ts';
import { focusField, isComplete, TextField } from '../ui/TextField.tsx';
import { Refused, useWait } from './Refused.tsx';
import { useSecondStep } from './use-sign-in.ts';

const CODE = 'sign-in-code';
const isCode = (text: string): boolean => /^[0-9]{6}$/.test(text);

/** A code of the authenticator, or a recovery code in its place. */
export function SecondStep({ onStartAgain }: { readonly onStartAgain: () => void }) {
  const { t } = useTranslation();
  const step = useSecondStep();
  const [recovery, setRecovery] = useState(false);
  const [typed, setTyped] = useState('');
  const [checked, setChecked] = useState(false);
  const code = recovery ? typed.trim() : typed.replaceAll(/\s/g, '');
  const right = recovery ? code !== '' : isCode(code);
  const waiting = useWait(step.error) !== null;
  const error = right ? undefined : t(recovery ? 'signIn.recoveryCodeNeeded' : 'signIn.codeNeeded');
  const over = step.error instanceof Refusal && step.error.problem.code === 'TWO_FACTOR_START_AGAIN';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!isComplete({ [CODE]: error }) || waiting) return;
    step.mutate(recovery ? { recoveryCode: code } : { code }, { onError: () => focusField(CODE) });
  };
  const change = () => {
    setRecovery(!recovery);
    setTyped('');
    setChecked(false);
    step.reset();
    focusField(CODE);
  };
  return (
    <form className="steps" noValidate onSubmit={submit}>
      <p>{t(recovery ? 'signIn.recoveryLead' : 'signIn.codeLead')}</p>
      <Refused error={step.error} />
      <TextField
        id={CODE}
        label={t(recovery ? 'signIn.recoveryCode' : 'signIn.code')}
        autoFocus
        autoComplete={recovery ? 'off' : 'one-time-code'}
        inputMode={recovery ? 'text' : 'numeric'}
        maxLength={40}
        value={typed}
        error={checked ? error : undefined}
        onChange={setTyped}
      />
      <div className="steps-end">
        <Button type="primary" htmlType="submit" disabled={waiting || over} loading={step.isPending}>
          {t('signIn.submit')}
        </Button>
        <Button onClick={onStartAgain}>{t('signIn.startAgain')}</Button>
      </div>
      <Button type="link" className="text-link" onClick={change}>
        {t(recovery ? 'signIn.useCode' : 'signIn.useRecoveryCode')}
      </Button>
    </form>
  );
}
