import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../app/request.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';

/** Milliseconds since 1970 until which the server takes no further try; null: it takes one now. */
export function useWait(error: Error | null): number | null {
  const until = error instanceof Refusal ? error.retryAt : null;
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (until === null) return;
    const timer = setTimeout(() => setNow(Date.now()), Math.min(until - Date.now() + 500, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  }, [until]);
  return until !== null && until > now ? until : null;
}

/** Why it did not go on, and from when it may be tried again. */
export function Refused({ error }: { readonly error: Error | null }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const until = useWait(error);
  if (error === null) return null;
  return (
    <div className="refused">
      <Failure error={error} />
      {until === null ? null : (
        <p className="field-error">
          {t('signIn.waitUntil', {
            time: new Date(until).toLocaleTimeString(language === 'zh' ? 'zh-CN' : 'en-GB'),
          })}
        </p>
      )}
    </div>
  );
}
