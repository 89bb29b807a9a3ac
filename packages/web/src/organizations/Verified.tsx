import type { Contact } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { Day } from '../assets/Day.tsx';

/** After so long a number is likely to have changed hands. */
const STALE_DAYS = 90;
const DAY = 86_400_000;

export function Verified({ verified }: { readonly verified: Contact['verified'] }) {
  const { t } = useTranslation();
  if (verified === null) return <strong className="overdue">{t('organizations.contacts.never')}</strong>;
  const days = Math.floor((Date.now() - Date.parse(verified.at)) / DAY);
  return (
    <>
      <Day at={verified.at} /> {verified.by === null ? null : <small>{verified.by.name}</small>}
      {days > STALE_DAYS ? (
        <strong className="overdue"> {t('organizations.contacts.stale', { count: days })}</strong>
      ) : null}
    </>
  );
}
