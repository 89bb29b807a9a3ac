import { PROBLEM_CODES, problemTexts, type Session } from '@backcheck/contract';
import { useLocation } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { useTitle } from '../ui/use-title.ts';
import { FirstSignIn } from './FirstSignIn.tsx';
import { PasswordStep } from './PasswordStep.tsx';
import { SecondStep } from './SecondStep.tsx';
import './sign-in.css';

interface SignInScreenProps {
  /** What ended behind this page, whose screen is kept; undefined: nobody was signed in. */
  readonly ended?: Session;
}

/** In place of any screen while nobody is signed in; the address stays, so that one comes back to it. */
export function SignInScreen({ ended }: SignInScreenProps) {
  const { t } = useTranslation();
  const [second, setSecond] = useState(false);
  useTitle(t('signIn.title'));
  return (
    <section className="sign-in" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">{t(second ? 'signIn.codeTitle' : 'signIn.title')}</h1>
      <SingleSignOnProblem />
      {ended === undefined ? null : (
        <Alert
          type="info"
          showIcon
          title={t('signIn.ended', { name: ended.account.name })}
          description={t('signIn.endedHint')}
        />
      )}
      {second ? (
        <SecondStep onStartAgain={() => setSecond(false)} />
      ) : (
        <>
          <PasswordStep ended={ended} onSecondStep={() => setSecond(true)} />
          {ended === undefined ? <FirstSignIn /> : null}
        </>
      )}
    </section>
  );
}

/** Single sign-on comes back to the first page with what went wrong: `/?problem=SINGLE_SIGN_ON_UNKNOWN`. */
function SingleSignOnProblem() {
  const language = useLanguage();
  const { search } = useLocation();
  const wanted = 'problem' in search ? search.problem : undefined;
  const code = PROBLEM_CODES.find((one) => one === wanted);
  if (code === undefined) return null;
  const { title, detail } = problemTexts(code);
  return <Alert type="error" showIcon title={title[language]} description={detail[language]} />;
}
