import type { System } from '@backcheck/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { RecordList } from './RecordList.tsx';
import { FieldCell, FieldLabel } from './record/FieldText.tsx';
import { RecordDetails } from './record/RecordDetails.tsx';
import { RecordDialog } from './record/RecordDialog.tsx';
import { reloadOf, useSaveRecord, useSystems } from './use-registers.ts';

const COLUMNS = ['mlpsLevel', 'mlpsFilingNumber', 'criticality', 'access', 'ownerPerson'] as const;

export function SystemsPanel({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const list = useSystems(organizationId);
  const save = useSaveRecord();
  const mayCreate = useMay({ object: 'asset', action: 'create' });
  const mayChange = useMay({ object: 'asset', action: 'update' });
  const [shown, setShown] = useState<System | null>(null);
  const [dialog, setDialog] = useState<'view' | 'edit' | 'add' | null>(null);
  const close = () => setDialog(null);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <RecordList
      title={t('organizations.sections.systems')}
      list={list}
      count={items.length}
      none={t('organizations.systems.none')}
      action={
        mayCreate ? <Button onClick={() => setDialog('add')}>{t('organizations.systems.add')}</Button> : null
      }
    >
      <table className="quiet stacked" aria-label={t('organizations.sections.systems')}>
        <thead>
          <tr>
            <th scope="col">{t('organizations.systems.system')}</th>
            {COLUMNS.map((key) => (
              <th key={key} scope="col">
                <FieldLabel kind="system" field={key} />
              </th>
            ))}
            <th scope="col" className="number">
              {t('organizations.sections.assets')}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((system) => (
            <tr key={system.id}>
              <th scope="row">
                <button
                  type="button"
                  className="link"
                  onClick={() => {
                    setShown(system);
                    setDialog('view');
                  }}
                >
                  {String(system.fields['name'] ?? '')}
                </button>{' '}
                <small>{String(system.fields['systemCode'] ?? '')}</small>
                {system.status === 'retired' ? <small> {t('organizations.systems.retired')}</small> : null}
              </th>
              {COLUMNS.map((key) => (
                <FieldCell key={key} kind="system" field={key} value={system.fields[key]} />
              ))}
              <td className="number" data-label={t('organizations.sections.assets')}>
                {system.assets}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {dialog === 'view' && shown !== null ? (
        <RecordDetails
          kind="system"
          title={String(shown.fields['name'] ?? '')}
          fields={shown.fields}
          onEdit={mayChange ? () => setDialog('edit') : undefined}
          onClose={close}
        />
      ) : null}
      {dialog === 'edit' && shown !== null ? (
        <RecordDialog
          kind="system"
          title={t('organizations.systems.edit')}
          record={shown}
          save={(fields, version) => save.system(shown.id, version ?? shown.version, fields)}
          reload={() => reloadOf.system(shown.id)}
          onClose={close}
        />
      ) : null}
      {dialog === 'add' ? (
        <RecordDialog
          kind="system"
          title={t('organizations.systems.add')}
          record={null}
          save={(fields) => save.newSystem(organizationId, fields)}
          onClose={close}
        />
      ) : null}
    </RecordList>
  );
}
