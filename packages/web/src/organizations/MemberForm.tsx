import { type KeyListMember, MEMBER_KINDS } from '@backcheck/contract';
import { Button, Select } from 'antd';
import { type FormEvent, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { shortName } from '../assets/short-name.ts';
import { useAssets } from '../assets/use-assets.ts';
import { Field } from '../ui/Field.tsx';
import { SystemSelect } from './SystemSelect.tsx';

type Kind = KeyListMember['kind'];

interface MemberFormProps {
  readonly busy: boolean;
  readonly onAdd: (member: Pick<KeyListMember, 'kind' | 'id'>) => void;
}

/** An organization, or a system or asset of one, for a key list. */
export function MemberForm({ busy, onAdd }: MemberFormProps) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>('organization');
  const [organizationId, setOrganizationId] = useState<string | undefined>();
  const [part, setPart] = useState<{ id: string; name: string } | null>(null);
  const id = kind === 'organization' ? organizationId : part?.id;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (id === undefined) return;
    onAdd({ kind, id });
    setPart(null);
    if (kind === 'organization') setOrganizationId(undefined);
  };
  return (
    <form className="register-form member-form" onSubmit={submit}>
      <Field id="member-kind" label={t('organizations.keyLists.kind')}>
        <Select
          id="member-kind"
          value={kind}
          options={MEMBER_KINDS.map((value) => ({
            value,
            label: t(`organizations.keyLists.kinds.${value}`),
          }))}
          onChange={(value: Kind) => {
            setKind(value);
            setPart(null);
          }}
        />
      </Field>
      <Field id="member-organization" label={t('organization.label')}>
        <OrganizationSelect
          id="member-organization"
          placeholder={t('organization.choose')}
          value={organizationId}
          onChange={(chosen) => {
            setOrganizationId(chosen);
            setPart(null);
          }}
        />
      </Field>
      {kind === 'system' && organizationId !== undefined ? (
        <SystemSelect organizationId={organizationId} value={part} onChange={setPart} />
      ) : null}
      {kind === 'asset' && organizationId !== undefined ? (
        <AssetSelect
          organizationId={organizationId}
          value={part?.id}
          onChange={(assetId) => setPart({ id: assetId, name: '' })}
        />
      ) : null}
      <Button htmlType="submit" disabled={id === undefined} loading={busy}>
        {t('organizations.keyLists.addMember')}
      </Button>
    </form>
  );
}

interface AssetSelectProps {
  readonly organizationId: string;
  readonly value: string | undefined;
  readonly onChange: (id: string) => void;
}

function AssetSelect({ organizationId, value, onChange }: AssetSelectProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const { data, isFetching } = useAssets({ organizationId, ...(q === '' ? {} : { q }) });
  const found = (data?.pages[0]?.items ?? []).map(({ id, identity }) => ({
    value: id,
    label: shortName(identity),
  }));
  return (
    <Field id="member-asset" label={t('assets.columns.asset')}>
      <Select
        id="member-asset"
        showSearch={{ filterOption: false, onSearch: setText }}
        loading={isFetching}
        value={value ?? null}
        options={found}
        onChange={onChange}
      />
    </Field>
  );
}
