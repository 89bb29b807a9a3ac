import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../ui/use-title.ts';

/** There is no password form: the link printed at server start is the only way in so far. */
export function SignInNotice() {
  const { t } = useTranslation();
  useTitle(t('signIn.title'));
  return (
    <section className="sign-in" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">{t('signIn.title')}</h1>
      <p>{t('signIn.open')}</p>
      <ol>
        <li>{t('signIn.step1')}</li>
        <li>
          {t('signIn.step2')} <code>http://…/sign-in?token=…</code>
        </li>
        <li>{t('signIn.step3')}</li>
      </ol>
      <Alert type="info" showIcon title={t('signIn.lost')} />
    </section>
  );
}
