import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';

/** Nobody has a password on a new server: the link printed at its start is the way in. */
export function FirstSignIn() {
  const { t } = useTranslation();
  return (
    <details className="first-sign-in">
      <summary>{t('signIn.fresh.title')}</summary>
      <p>{t('signIn.fresh.open')}</p>
      <ol>
        <li>{t('signIn.fresh.step1')}</li>
        <li>
          {t('signIn.fresh.step2')} <code>http://…/sign-in?token=…</code>
        </li>
        <li>{t('signIn.fresh.step3')}</li>
      </ol>
      <Alert type="info" showIcon title={t('signIn.fresh.lost')} />
    </details>
  );
}
