import { useTranslation } from 'react-i18next';
import { Channels } from '../organizations/Channels.tsx';
import { FieldText } from '../organizations/record/FieldText.tsx';
import { useContacts } from '../organizations/use-registers.ts';

/** Whom to call when nothing comes back, in the order of the register. */
export function Callees({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const { data } = useContacts(organizationId);
  if (data === undefined) return null;
  return (
    <>
      <h3 id="callees-title">{t('deliveries.callees')}</h3>
      {data.items.length === 0 ? <p className="no-receipt">{t('organizations.contacts.none')}</p> : null}
      <ul className="rows callees" aria-labelledby="callees-title">
        {data.items.map(({ id, fields }) => (
          <li key={id}>
            {fields['name']}{' '}
            <small>
              <FieldText kind="contact" field="role" value={fields['role']} />
            </small>
            <Channels of={fields} />
          </li>
        ))}
      </ul>
    </>
  );
}
