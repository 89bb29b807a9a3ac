import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { Field } from '../ui/Field.tsx';
import { RecordDialog } from './record/RecordDialog.tsx';
import { useSaveRecord } from './use-registers.ts';

interface NewOrganizationProps {
  /** Where it is put unless another place is chosen. */
  readonly parentId: string | undefined;
  readonly onClose: () => void;
}

export function NewOrganization({ parentId, onClose }: NewOrganizationProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const save = useSaveRecord();
  const [parent, setParent] = useState(parentId);
  return (
    <RecordDialog
      kind="organization"
      title={t('organizations.add')}
      record={null}
      without={['status']}
      besides={
        <Field id="new-parent" label={t('organizations.parent')} hint={t('organizations.parentHint')}>
          <OrganizationSelect
            id="new-parent"
            allowClear
            placeholder={t('organizations.atTheTop')}
            value={parent}
            onChange={setParent}
          />
        </Field>
      }
      save={async (fields) => {
        const { id } = await save.newOrganization(parent, fields);
        void navigate({ to: '/organizations/$organizationId', params: { organizationId: id } });
      }}
      onClose={onClose}
    />
  );
}
