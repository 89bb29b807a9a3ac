import { Button, Input, Space } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useMay } from '../app/use-access.ts';
import { useCreateOrganization, useOnlyOrganization } from '../app/use-organizations.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';

interface OrganizationPickerProps {
  readonly value: string | null;
  readonly onChange: (id: string) => void;
}

/** Whose assets the files describe; an organization that is not there yet is added on the spot. */
export function OrganizationPicker({ value, onChange }: OrganizationPickerProps) {
  const { t } = useTranslation();
  const { none, error } = useOnlyOrganization();
  const mayCreate = useMay({ object: 'organization', action: 'create' });
  const [wanted, setWanted] = useState(false);
  if (error !== null) return <Failure error={error} />;
  if (mayCreate && (wanted || none)) {
    const created = (id: string) => {
      setWanted(false);
      onChange(id);
    };
    return (
      <Field
        id="organization-name"
        label={t('organization.name')}
        hint={none ? t('organization.none') : t('organization.hint')}
      >
        <NewOrganization onCreated={created} onCancel={none ? null : () => setWanted(false)} />
      </Field>
    );
  }
  return (
    <Field id="organization" label={t('organization.label')} hint={t('organization.hint')}>
      <Space.Compact block>
        <OrganizationSelect
          id="organization"
          value={value ?? undefined}
          placeholder={t('organization.choose')}
          onChange={(id) => (id === undefined ? undefined : onChange(id))}
        />
        {mayCreate ? <Button onClick={() => setWanted(true)}>{t('organization.add')}</Button> : null}
      </Space.Compact>
    </Field>
  );
}

interface NewOrganizationProps {
  readonly onCreated: (id: string) => void;
  readonly onCancel: (() => void) | null;
}

function NewOrganization({ onCreated, onCancel }: NewOrganizationProps) {
  const { t } = useTranslation();
  const create = useCreateOrganization();
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(name.trim(), { onSuccess: ({ id }) => onCreated(id) });
  };
  return (
    <form onSubmit={submit}>
      <Space.Compact block>
        <Input
          id="organization-name"
          value={name}
          maxLength={200}
          autoFocus={onCancel !== null}
          onChange={({ target }) => setName(target.value)}
        />
        <Button type="primary" htmlType="submit" disabled={name.trim() === ''} loading={create.isPending}>
          {t('organization.create')}
        </Button>
        {onCancel === null ? null : <Button onClick={onCancel}>{t('cancel')}</Button>}
      </Space.Compact>
      {create.error === null ? null : <Failure error={create.error} />}
    </form>
  );
}
