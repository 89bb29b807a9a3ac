import type { Contact } from '@backcheck/contract';
import { Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { ReturnedMail } from '../deliveries/ReturnedMail.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Channels } from './Channels.tsx';
import { RecordList } from './RecordList.tsx';
import { FieldCell, FieldLabel } from './record/FieldText.tsx';
import { RecordDialog } from './record/RecordDialog.tsx';
import { reloadOf, useContacts, useRemoveContact, useSaveRecord, useVerifyContact } from './use-registers.ts';
import { Verified } from './Verified.tsx';

/** Who is called, in which order, and whether somebody made sure that they answer. */
export function ContactsPanel({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const list = useContacts(organizationId);
  const save = useSaveRecord();
  const mayCreate = useMay({ object: 'contact', action: 'create' });
  const [editing, setEditing] = useState<Contact | 'new' | null>(null);
  const items = list.data?.items ?? [];
  const close = () => setEditing(null);
  return (
    <RecordList
      title={t('organizations.sections.contacts')}
      list={list}
      count={items.length}
      none={t('organizations.contacts.none')}
      action={
        mayCreate ? (
          <Button onClick={() => setEditing('new')}>{t('organizations.contacts.add')}</Button>
        ) : null
      }
    >
      <ContactTable items={items} onEdit={setEditing} />
      {editing === 'new' ? (
        <RecordDialog
          kind="contact"
          title={t('organizations.contacts.add')}
          record={null}
          without={VERIFIED_BY_CALL}
          save={(fields) => save.newContact(organizationId, fields)}
          onClose={close}
        />
      ) : null}
      {editing === null || editing === 'new' ? null : (
        <RecordDialog
          kind="contact"
          title={t('organizations.contacts.edit')}
          record={editing}
          without={VERIFIED_BY_CALL}
          besides={editing.returned === null ? undefined : <ReturnedMail returned={editing.returned} />}
          save={(fields, version) => save.contact(editing.id, version ?? editing.version, fields)}
          reload={() => reloadOf.contact(editing)}
          onClose={close}
        />
      )}
    </RecordList>
  );
}

/** "Verify now" writes it, with who did. */
const VERIFIED_BY_CALL = ['lastVerifiedAt'];

interface ContactTableProps {
  readonly items: readonly Contact[];
  readonly onEdit: (contact: Contact) => void;
}

function ContactTable({ items, onEdit }: ContactTableProps) {
  const { t } = useTranslation();
  const mayChange = useMay({ object: 'contact', action: 'update' });
  return (
    <table className="quiet stacked" aria-label={t('organizations.sections.contacts')}>
      <thead>
        <tr>
          <th scope="col">
            <FieldLabel kind="contact" field="name" />
          </th>
          <th scope="col">
            <FieldLabel kind="contact" field="role" />
          </th>
          <th scope="col">{t('organizations.contacts.reach')}</th>
          <th scope="col">{t('organizations.contacts.verified')}</th>
          {mayChange ? <th scope="col">{t('organizations.contacts.actions')}</th> : null}
        </tr>
      </thead>
      <tbody>
        {items.map((contact) => (
          <ContactRow key={contact.id} contact={contact} onEdit={mayChange ? () => onEdit(contact) : null} />
        ))}
      </tbody>
    </table>
  );
}

interface ContactRowProps {
  readonly contact: Contact;
  /** null: this person may not change it. */
  readonly onEdit: (() => void) | null;
}

function ContactRow({ contact, onEdit }: ContactRowProps) {
  const { t } = useTranslation();
  const verify = useVerifyContact();
  const drop = useRemoveContact();
  const name = String(contact.fields['name'] ?? '');
  const error = verify.error ?? drop.error;
  return (
    <tr>
      <th scope="row">
        {contact.fields['order'] === undefined ? null : (
          <span className="order">{contact.fields['order']}</span>
        )}
        {name}
      </th>
      <FieldCell kind="contact" field="role" value={contact.fields['role']} />
      <td>
        <Channels of={contact.fields} />
        <ReturnedMail returned={contact.returned} />
      </td>
      <td data-label={t('organizations.contacts.verified')}>
        <Verified verified={contact.verified} />
      </td>
      {onEdit === null ? null : (
        <td className="row-actions">
          <Button
            size="small"
            aria-label={t('organizations.contacts.verifyNamed', { name })}
            loading={verify.isPending}
            onClick={() => verify.mutate(contact.id)}
          >
            {t('organizations.contacts.verify')}
          </Button>
          <Button size="small" aria-label={t('organizations.contacts.editNamed', { name })} onClick={onEdit}>
            {t('organizations.record.edit')}
          </Button>
          <Popconfirm
            title={t('organizations.contacts.removeAsk', { name })}
            okText={t('organizations.contacts.remove')}
            onConfirm={() => drop.mutateAsync(contact)}
          >
            <Button size="small" aria-label={t('organizations.contacts.removeNamed', { name })}>
              {t('organizations.contacts.remove')}
            </Button>
          </Popconfirm>
          {error === null ? null : <Failure error={error} />}
        </td>
      )}
    </tr>
  );
}
