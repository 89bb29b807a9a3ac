import type { OrganizationPage } from '@backcheck/contract';
import { Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useMay } from '../app/use-access.ts';
import { Field } from '../ui/Field.tsx';
import { RecordDialog } from './record/RecordDialog.tsx';
import { reloadOf, useSaveRecord } from './use-registers.ts';

interface ChangeOrganizationProps {
  readonly page: OrganizationPage;
  readonly onClose: () => void;
}

/** Where it lies in the tree, its code and whether it still exists is for whoever registers organizations. */
export function ChangeOrganization({ page, onClose }: ChangeOrganizationProps) {
  const { t } = useTranslation();
  const save = useSaveRecord();
  const mayPlace = useMay({ object: 'organization', action: 'create' });
  const { organization, mergedInto } = page;
  const before = {
    parentId: organization.parentId,
    mergedInto,
    collecting: organization.collecting,
  };
  const [place, setPlace] = useState(before);
  const moved = {
    ...(place.parentId === before.parentId ? {} : { parentId: place.parentId }),
    ...(place.mergedInto === before.mergedInto ? {} : { mergedInto: place.mergedInto }),
    ...(place.collecting === before.collecting ? {} : { collecting: place.collecting }),
  };
  return (
    <RecordDialog
      kind="organization"
      title={t('organizations.edit')}
      record={page}
      without={mayPlace ? [] : ['organizationCode', 'status']}
      besides={
        mayPlace ? (
          <>
            <Field id="parent" label={t('organizations.parent')} hint={t('organizations.moveHint')}>
              <OrganizationSelect
                id="parent"
                allowClear
                placeholder={t('organizations.atTheTop')}
                value={place.parentId ?? undefined}
                onChange={(id) => setPlace((before) => ({ ...before, parentId: id ?? null }))}
              />
            </Field>
            <Field
              id="merged-into"
              label={t('organizations.mergedInto')}
              hint={t('organizations.mergedIntoHint')}
            >
              <OrganizationSelect
                id="merged-into"
                allowClear
                placeholder=""
                value={place.mergedInto ?? undefined}
                onChange={(id) => setPlace((before) => ({ ...before, mergedInto: id ?? null }))}
              />
            </Field>
            <Field
              id="collecting"
              label={t('organizations.collecting')}
              hint={t('organizations.collectingHint')}
            >
              <Switch
                id="collecting"
                checked={place.collecting}
                onChange={(collecting) => setPlace((before) => ({ ...before, collecting }))}
              />
            </Field>
          </>
        ) : undefined
      }
      save={(fields, version) =>
        save.organization(organization.id, { fields, ...moved, ...(version === null ? {} : { version }) })
      }
      reload={() => reloadOf.organization(organization.id)}
      onClose={onClose}
    />
  );
}
