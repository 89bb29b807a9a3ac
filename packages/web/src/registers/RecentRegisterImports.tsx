import { type RegisterImport, ROW_OUTCOMES } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Failure } from '../ui/Failure.tsx';
import { When } from '../ui/When.tsx';
import { StateTag } from './StateTag.tsx';
import { useRegisterImports } from './use-register-imports.ts';

export function RecentRegisterImports() {
  const { t } = useTranslation();
  const { data, error, refetch } = useRegisterImports();
  return (
    <section aria-labelledby="recent-title">
      <h2 id="recent-title">{t('registers.recent.title')}</h2>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {data?.items.length === 0 ? (
        <EmptyState title={t('registers.recent.none')} hint={t('registers.recent.noneHint')} />
      ) : null}
      {data === undefined || data.items.length === 0 ? null : <RecentTable items={data.items} />}
    </section>
  );
}

function RecentTable({ items }: { readonly items: readonly RegisterImport[] }) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked" aria-labelledby="recent-title">
      <thead>
        <tr>
          {(['file', 'state', 'rows', 'by', 'at'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`registers.recent.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <Link to="/registers/import/$id" params={{ id: one.id }}>
                {one.fileName}
              </Link>
            </th>
            <td>
              <StateTag state={one.state} />
            </td>
            <td data-label={t('registers.recent.rows')}>
              <RowSummary of={one} />
            </td>
            <td data-label={t('registers.recent.by')}>{one.createdBy}</td>
            <td>
              <When at={one.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Before the rows are compared their number is all that is known. */
function RowSummary({ of }: { readonly of: RegisterImport }) {
  const { t } = useTranslation();
  if (of.stagedAt === null) return of.progress.rowsTotal;
  const there = ROW_OUTCOMES.filter((outcome) => of.counts[outcome] > 0);
  return there.map((one) => `${t(`registers.outcomes.${one}`)} ${of.counts[one]}`).join(' · ');
}
