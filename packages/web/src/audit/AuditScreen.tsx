import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Pages } from '../ui/Pages.tsx';
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
      <Pages
        list={list}
        empty={
          <EmptyState
            title={t(filtered ? 'audit.noMatch' : 'audit.none')}
            hint={t(filtered ? 'audit.noMatchHint' : 'audit.noneHint')}
          />
        }
        count={(count, more) => t(more ? 'audit.shownSoFar' : 'audit.shownAll', { count })}
      >
        {(items) => <AuditTable items={items} busy={list.isPlaceholderData} />}
      </Pages>
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
