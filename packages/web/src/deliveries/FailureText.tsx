import { useTranslation } from 'react-i18next';

const OURS = ['NO_MAIL_SERVER', 'NOTICE_ENDED', 'PROCESS_ENDED', 'WEBHOOK_OFF'] as const;

/** Our own reasons in the reader's language; others in the words of the mail server or receiver, which one can look up. */
export function FailureText({ failure }: { readonly failure: string }) {
  const { t } = useTranslation();
  const ours = OURS.find((one) => one === failure);
  return ours === undefined ? (
    <small className="delivery-failure">
      <code>{failure}</code>
    </small>
  ) : (
    <small className="delivery-failure">{t(`deliveries.failures.${ours}`)}</small>
  );
}
