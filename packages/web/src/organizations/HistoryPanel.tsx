import type { RecordChange } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { When } from '../ui/When.tsx';
import { changedField } from './changed-field.ts';
import { RecordList } from './RecordList.tsx';
import { useChanges } from './use-registers.ts';

/** Who changed what in the registers of this organization: before and after, field by field. */
export function HistoryPanel({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const list = useChanges(organizationId);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <RecordList
      title={t('organizations.sections.changes')}
      list={list}
      count={items.length}
      none={t('organizations.changes.none')}
      action={null}
    >
      <ol className="changes">
        {items.map((change) => (
          <Change key={change.id} change={change} />
        ))}
      </ol>
    </RecordList>
  );
}

/** The head of the change says who and when, and the page of which organization. */
const SAID_ALREADY = ['organizationId', 'verifiedBy', 'exposureDeclaredAt', 'exposureDeclaredBy'];

function Change({ change }: { readonly change: RecordChange }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { at, by, registerImportId, kind, action, fields } = change;
  const shown = fields
    .filter(
      ({ field, before, after }) => !SAID_ALREADY.includes(field) && (before !== null || after !== false),
    )
    .map((one) => changedField(kind, one, language));
  const what = shown.find(({ field }) => field === 'name' || field === 'nameZh');
  return (
    <li>
      <p className="change-head">
        <strong>
          {t(`organizations.changes.kinds.${kind}`)} {t(`organizations.changes.actions.${action}`)}
        </strong>
        {what === undefined || action === 'updated' ? null : ` ${what.after ?? what.before}`}
      </p>
      <ul className="facts">
        <li>
          <When at={at} />
        </li>
        <li>{by?.name ?? t('organizations.changes.nobody')}</li>
        {registerImportId === null ? null : (
          <li>{t('organizations.changes.bySheet', { id: registerImportId })}</li>
        )}
      </ul>
      <dl className="change">
        {shown.map(({ field, label, before, after }) => (
          <div key={field}>
            <dt>{label ?? t(`organizations.changes.fields.${field}`, { defaultValue: field })}</dt>
            <dd>
              {before === null ? null : (
                <>
                  <del>{before}</del> <span aria-hidden="true">→</span>{' '}
                </>
              )}
              {after === null ? (
                <span className="hint">{t('organizations.record.nothing')}</span>
              ) : (
                <ins>{after}</ins>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}
