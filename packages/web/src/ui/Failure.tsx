import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../app/request.ts';
import { useLanguage } from '../i18n/use-language.ts';

interface FailureProps {
  readonly error: Error;
  readonly retry?: () => void;
}

/** What went wrong in the reader's language and what can be done; never a stack trace. */
export function Failure({ error, retry }: FailureProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const texts = error instanceof Refusal ? error.problem.texts : null;
  return (
    <Alert
      type="error"
      showIcon
      title={texts?.title[language] ?? t('failure.title')}
      description={texts?.detail[language] ?? t('failure.detail', { message: error.message })}
      action={retry === undefined ? undefined : <Button onClick={retry}>{t('failure.retry')}</Button>}
    />
  );
}
