import { useTranslation } from 'react-i18next';
import { Moment } from './Moment.tsx';

const SOON_MILLISECONDS = 14 * 86_400_000;

/** The day on which something ends; marked when that is past or near. */
export function Until({ at }: { readonly at: string }) {
  const { t } = useTranslation();
  const left = Date.parse(at) - Date.now();
  return (
    <>
      <Moment at={at} to="day" />
      {left <= 0 ? (
        <span className="tag ended">{t('people.grant.expired')}</span>
      ) : left < SOON_MILLISECONDS ? (
        <span className="tag ends-soon">{t('people.grant.endsSoon')}</span>
      ) : null}
    </>
  );
}
