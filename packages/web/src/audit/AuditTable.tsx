import { AUDIT_OBJECT_LABELS, type AuditEntry, type Text } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Moment } from '../ui/Moment.tsx';
import { doneIn } from './done-in.ts';

export function AuditTable({
  items,
  busy,
}: {
  readonly items: readonly AuditEntry[];
  readonly busy: boolean;
}) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked audit" aria-label={t('audit.title')} aria-busy={busy}>
      <thead>
        <tr>
          <th scope="col">{t('audit.columns.at')}</th>
          <th scope="col">{t('audit.columns.account')}</th>
          <th scope="col">{t('audit.columns.action')}</th>
          <th scope="col">{t('audit.columns.organization')}</th>
          <th scope="col">{t('audit.columns.details')}</th>
          <th scope="col">{t('audit.columns.seal')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((entry) => (
          <AuditRow key={entry.id} entry={entry} />
        ))}
      </tbody>
    </table>
  );
}

/** A name that only a newer version knows is shown as it is. */
function useLabel(): (labels: Readonly<Record<string, Text>>, name: string) => string {
  const language = useLanguage();
  return (labels, name) => labels[name]?.[language] ?? name;
}

function AuditRow({ entry }: { readonly entry: AuditEntry }) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const language = useLanguage();
  const { at, account, via, address, object, objectId, organization, details, ledgerSeq } = entry;
  return (
    <tr>
      <th scope="row">
        <Moment at={at} to="second" />
      </th>
      <td>
        {account?.name ?? t('audit.nobody')}
        <br />
        <small>
          {[via === null ? '' : t(`audit.vias.${via}`), address ?? ''].filter(Boolean).join(' · ')}
        </small>
      </td>
      <td>
        {doneIn(entry, language)} · {labelOf(AUDIT_OBJECT_LABELS, object)}{' '}
        {objectId === null ? null : <small>{objectId}</small>}
      </td>
      <td data-label={t('audit.columns.organization')}>
        {organization === null ? (
          <span className="hint">{t('audit.installation')}</span>
        ) : (
          <OrganizationName of={organization} />
        )}
      </td>
      <td className="audit-details">
        <Details details={details} />
      </td>
      <td data-label={t('audit.columns.seal')}>
        {ledgerSeq === null ? (
          <span className="tag">{t('audit.unsealed')}</span>
        ) : (
          <span className="tag sealed">{t('audit.sealed', { number: ledgerSeq })}</span>
        )}
      </td>
    </tr>
  );
}

/** The operation stands in code, and a refusal in words; what else a newer version wrote, as it is. */
function Details({ details }: Pick<AuditEntry, 'details'>) {
  const { t } = useTranslation();
  const { operation, outcome, status, ...rest } = details;
  return (
    <>
      {outcome === 'refused' ? (
        <span className="tag ended">{t('audit.refused', { status: String(status ?? '') })}</span>
      ) : null}
      {Object.entries(rest).map(([name, value]) => (
        <span key={name}>
          <span className="hint">{name}</span> {String(value)}
        </span>
      ))}
      {operation === undefined ? null : <code>{String(operation)}</code>}
    </>
  );
}
