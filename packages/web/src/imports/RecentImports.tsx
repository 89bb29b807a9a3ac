import { IMPORT_STATE_LABELS, type Import } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Failure } from '../ui/Failure.tsx';
import { When } from '../ui/When.tsx';
import { RefusedImport } from './RefusedImport.tsx';
import { Sheet } from './Sheet.tsx';
import { useImports } from './use-imports.ts';

/** What came in before; each row opens its sheet again. */
export function RecentImports() {
  const { t } = useTranslation();
  const list = useImports();
  const finished = (list.data?.items ?? []).filter((one) =>
    ['done', 'refused', 'discarded'].includes(one.state),
  );
  return (
    <section className="recent" aria-labelledby="recent-title">
      <h2 id="recent-title">{t('recent.title')}</h2>
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.data !== undefined && finished.length === 0 ? (
        <EmptyState title={t('recent.empty')} hint={t('recent.emptyHint')} />
      ) : null}
      {finished.map((one) => (
        <RecentImport key={one.id} of={one} />
      ))}
    </section>
  );
}

function RecentImport({ of }: { readonly of: Import }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <details className="recent-row">
      <summary>
        <span className="file-name">{of.fileName}</span>
        <span className={`tag import-${of.state}`}>{IMPORT_STATE_LABELS[of.state][language]}</span>
        <span>
          <OrganizationName of={of.organization} />
        </span>
        <span>
          {of.sheet === null || of.state !== 'done' ? null : t('recent.summary', { ...of.sheet.findings })}
        </span>
        <When at={of.createdAt} />
      </summary>
      <RefusedImport problem={of.problem} onForget={null} />
      {of.sheet === null ? (
        <p className="hint">{t(of.alreadyImported ? 'sheet.alreadyImported' : 'recent.noSheet')}</p>
      ) : (
        <Sheet sheet={of.sheet} done={of.state === 'done'} />
      )}
    </details>
  );
}
