import type { Contact } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { Day } from '../assets/Day.tsx';
import { FailureText } from './FailureText.tsx';

/** That mail to a contact's address came back: how often, since when nothing is better, and why. */
export function ReturnedMail({ returned }: { readonly returned: Contact['returned'] }) {
  const { t } = useTranslation();
  if (returned === null) return null;
  return (
    <span className="identifier">
      <strong className="overdue">{t('deliveries.returned', { count: returned.count })}</strong>{' '}
      <small>
        {t('deliveries.returnedLast')} <Day at={returned.last} />
      </small>{' '}
      <FailureText failure={returned.why} />
    </span>
  );
}
