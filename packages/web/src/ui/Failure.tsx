import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { isSignedOut, Refusal, Unreachable } from '../app/request.ts';
import { useLanguage } from '../i18n/use-language.ts';

interface FailureProps {
  readonly error: Error;
  readonly retry?: () => void;
}

/** What went wrong in the reader's language and what can be done; never a stack trace. */
export function Failure({ error, retry }: FailureProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const texts = error instanceof Refusal && !isSignedOut(error) ? error.problem.texts : null;
  return (
    <Alert
      type="error"
      showIcon
      title={texts?.title[language] ?? t(`failure.${kindOf(error)}.title`)}
      description={texts?.detail[language] ?? t(`failure.${kindOf(error)}.detail`, { name: error.name })}
      action={retry === undefined ? undefined : <Button onClick={retry}>{t('failure.retry')}</Button>}
    />
  );
}

function kindOf(error: Error): 'signedOut' | 'unreachable' | 'unexpected' {
  // Whoever reads this has signed in again: before that nothing of the screen is seen.
  if (isSignedOut(error)) return 'signedOut';
  return error instanceof Unreachable ? 'unreachable' : 'unexpected';
}
