import { Select } from 'antd';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useMay } from '../app/use-access.ts';
import { FieldError } from '../ui/TextField.tsx';
import { useCampaigns, useFoundSystems } from './use-places.ts';

interface PlaceFieldProps {
  readonly id: string;
  readonly value: string | null;
  readonly error?: string | undefined;
  readonly onChange: (id: string | null) => void;
}

interface OrganizationFieldProps extends PlaceFieldProps {
  readonly clearable?: boolean;
  readonly placeholder?: string;
}

export function OrganizationField({ clearable = false, placeholder, ...field }: OrganizationFieldProps) {
  const { t } = useTranslation();
  const { id, value, error, onChange } = field;
  return (
    <Labelled id={id} label={t('people.grant.organization')} error={error}>
      <OrganizationSelect
        id={id}
        allowClear={clearable}
        placeholder={placeholder ?? t('people.grant.organizationPlaceholder')}
        value={value ?? undefined}
        onChange={(next) => onChange(next ?? null)}
      />
    </Labelled>
  );
}

interface SystemFieldProps extends PlaceFieldProps {
  readonly organizationId: string | null;
  /** Whether the role is one of one system only. */
  readonly needed: boolean;
}

export function SystemField({ organizationId, needed, ...field }: SystemFieldProps) {
  const { id, value, error, onChange } = field;
  const { t } = useTranslation();
  const visible = useMay({ object: 'asset', action: 'read' });
  const [text, setText] = useState('');
  const { data, isFetching } = useFoundSystems(
    visible ? organizationId : null,
    useDeferredValue(text.trim()),
  );
  return (
    <Labelled id={id} label={t('people.grant.system')} error={error}>
      <Select
        id={id}
        allowClear
        disabled={!visible || organizationId === null}
        showSearch={{ filterOption: false, onSearch: setText }}
        loading={isFetching}
        value={value}
        placeholder={t(needed ? 'people.grant.systemNeeded' : 'people.grant.systemPlaceholder')}
        aria-describedby={`${id}-error`}
        options={(data?.items ?? []).map((one) => ({
          value: one.id,
          label: String(one.fields['name'] ?? one.id),
        }))}
        onChange={(next?: string) => onChange(next ?? null)}
      />
      {visible ? null : <p className="hint">{t('people.grant.systemsHidden')}</p>}
    </Labelled>
  );
}

/** Nothing where there is no campaign to choose, or none that one may read. */
export function CampaignField({ id, value, onChange }: PlaceFieldProps) {
  const { t } = useTranslation();
  const visible = useMay({ object: 'campaign', action: 'read' });
  const { data } = useCampaigns(visible);
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Labelled id={id} label={t('people.grant.campaign')}>
      <Select
        id={id}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        value={value}
        placeholder={t('people.grant.campaignPlaceholder')}
        options={data.items.map((one) => ({ value: one.id, label: `${one.title} (${one.code})` }))}
        onChange={(next?: string) => onChange(next ?? null)}
      />
    </Labelled>
  );
}

interface LabelledProps {
  readonly id: string;
  readonly label: string;
  readonly error?: string | undefined;
  readonly children: ReactNode;
}

function Labelled({ id, label, error, children }: LabelledProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      <FieldError id={id} error={error} />
    </div>
  );
}
