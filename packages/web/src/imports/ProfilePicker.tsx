import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Field } from '../ui/Field.tsx';
import { useScanProfiles } from './use-scan-profiles.ts';

interface ProfilePickerProps {
  readonly organizationId: string;
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
}

/** The registered way in which the tool was run. */
export function ProfilePicker({ organizationId, value, onChange }: ProfilePickerProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data, isPending } = useScanProfiles(organizationId);
  const options = (data?.items ?? [])
    .filter(({ retiredAt }) => retiredAt === null)
    .map(({ id, content: { title, tool, version } }) => ({
      value: id,
      label: `${title[language]} (${tool}, ${version})`,
    }));
  return (
    <Field id="profile" label={t('origin.profile')} hint={t('origin.profileHint')}>
      <Select
        id="profile"
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        loading={isPending}
        placeholder={t('origin.noProfile')}
        value={options.some((one) => one.value === value) ? value : null}
        options={options}
        onChange={(id: string | undefined) => onChange(id ?? null)}
      />
    </Field>
  );
}
