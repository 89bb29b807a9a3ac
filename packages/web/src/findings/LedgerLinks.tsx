import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { queryString } from '../app/request.ts';
import { useLanguage } from '../i18n/use-language.ts';
import type { Filters } from './filters.ts';

/** What the list shows, as the ledger in a sheet, with the dates of this browser's zone. */
export function LedgerLinks({ filters: { groupBy: _, ...filters } }: { readonly filters: Filters }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (
    <span>
      {t('fixes.ledger')}{' '}
      {(['xlsx', 'csv'] as const).map((format, index) => (
        <Fragment key={format}>
          {index === 0 ? null : ' · '}
          <a
            href={`/api/v1/findings/export${queryString({ ...filters, format, language, timeZone })}`}
            download
          >
            {{ xlsx: 'Excel', csv: 'CSV' }[format]}
          </a>
        </Fragment>
      ))}
    </span>
  );
}
