import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Refusal, Unreachable } from '../app/request.ts';
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
  const kind = error instanceof Unreachable ? 'unreachable' : 'unexpected';
  return (
    <Alert
      type="error"
      showIcon
      title={texts?.title[language] ?? t(`failure.${kind}.title`)}
      description={texts?.detail[language] ?? t(`failure.${kind}.detail`, { name: error.name })}
      action={retry === undefined ? undefined : <Button onClick={retry}>{t('failure.retry')}</Button>}
    />
  );
}
