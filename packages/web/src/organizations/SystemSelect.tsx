import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../ui/Field.tsx';
import { useSystemChoice } from './use-registers.ts';

interface NamedSystem {
  readonly id: string;
  readonly name: string;
}

interface SystemSelectProps {
  readonly organizationId: string;
  readonly value: NamedSystem | null;
  readonly onChange: (system: NamedSystem | null) => void;
}

export function SystemSelect({ organizationId, value, onChange }: SystemSelectProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const { data, isFetching } = useSystemChoice(organizationId, useDeferredValue(text.trim()));
  const found = (data?.items ?? []).map(({ id, fields }) => ({
    value: id,
    label: String(fields['name'] ?? fields['systemCode'] ?? ''),
  }));
  return (
    <Field id="system" label={t('organizations.assets.system')}>
      <Select
        id="system"
        allowClear
        labelInValue
        showSearch={{ filterOption: false, onSearch: setText }}
        loading={isFetching}
        value={value === null ? null : { value: value.id, label: value.name }}
        options={found}
        notFoundContent={isFetching ? null : t('organizations.systems.none')}
        onChange={(option: (typeof found)[number] | null | undefined) =>
          onChange(option == null ? null : { id: option.value, name: option.label })
        }
      />
    </Field>
  );
}
