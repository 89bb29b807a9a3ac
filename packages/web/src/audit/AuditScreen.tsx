import { getRouteApi } from '@tanstack/react-router';
import { Button, Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Failure } from '../ui/Failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { AuditFilterBar } from './AuditFilterBar.tsx';
import { AuditTable } from './AuditTable.tsx';
import { type AuditFilters, readAuditFilters } from './filters.ts';
import { exportAddress, useAudit } from './use-audit.ts';
import './audit.css';

const route = getRouteApi('/audit');

export function AuditScreen() {
  const { t } = useTranslation();
  useTitle(t('audit.title'));
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const list = useAudit(filters);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const change = (part: { readonly [K in keyof AuditFilters]: AuditFilters[K] | undefined }) =>
    void navigate({ search: (before) => readAuditFilters({ ...before, ...part }), replace: true });
  const filtered = Object.keys(filters).length > 0;
  return (
    <div className="screen audit-screen">
      <h1>{t('audit.title')}</h1>
      <p className="lead">{t('audit.lead')}</p>
      <Export filters={filters} />
      <AuditFilterBar
        filters={filters}
        onChange={change}
        onReset={() => void navigate({ search: {}, replace: true })}
      />
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {list.isSuccess && items.length === 0 ? (
        <EmptyState
          title={t(filtered ? 'audit.noMatch' : 'audit.none')}
          hint={t(filtered ? 'audit.noMatchHint' : 'audit.noneHint')}
        />
      ) : null}
      {items.length === 0 ? null : <AuditTable items={items} busy={list.isPlaceholderData} />}
      <p className="count" role="status">
        {items.length === 0
          ? null
          : t(list.hasNextPage ? 'audit.shownSoFar' : 'audit.shownAll', { count: items.length })}
      </p>
      {list.hasNextPage ? (
        <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
          {t('findings.more')}
        </Button>
      ) : null}
    </div>
  );
}

function Export({ filters }: { readonly filters: AuditFilters }) {
  const { t } = useTranslation();
  if (!useMay({ object: 'audit', action: 'export' })) return null;
  return (
    <details className="panel audit-export">
      <summary>{t('audit.export')}</summary>
      <p className="hint">{t('audit.exportHint')}</p>
      <div className="steps-end">
        <a className="button-link" href={exportAddress(filters, 'jsonl')} download>
          {t('audit.exportJsonl')}
        </a>
        <a className="button-link" href={exportAddress(filters, 'csv')} download>
          {t('audit.exportCsv')}
        </a>
      </div>
      <p>
        {t('audit.verify')} <code>backcheck verify audit.jsonl</code>
      </p>
    </details>
  );
}
