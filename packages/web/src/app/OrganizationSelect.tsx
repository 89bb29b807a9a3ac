import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { organizationName, useFoundOrganizations, useOrganizationName } from './use-organizations.ts';

interface OrganizationSelectProps {
  readonly id: string;
  readonly value: string | undefined;
  readonly onChange: (id: string | undefined) => void;
  readonly placeholder: string;
  readonly allowClear?: boolean;
  /** Offers only these nodes and what is below them. */
  readonly within?: readonly string[];
}

/** Searches while one types: ten thousand organizations never travel to the browser. */
export function OrganizationSelect({ value, onChange, within, ...rest }: OrganizationSelectProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [text, setText] = useState('');
  const typed = text.trim();
  const asked = useDeferredValue(typed);
  const { data, isFetching, isPlaceholderData } = useFoundOrganizations(asked, within);
  const chosen = useOrganizationName(value);
  const found = (data?.items ?? []).map((one) => ({
    value: one.id,
    label: organizationName(one, language),
    code: one.code,
  }));
  // What was found for an earlier text must not be what Enter takes for this one.
  const isCurrent = asked === typed && !isPlaceholderData;
  const fits = ({ label, code }: (typeof found)[number]) =>
    `${label} ${code}`.toLowerCase().includes(typed.toLowerCase());
  const offered = isCurrent ? found : found.filter(fits);
  // The chosen one has its name on screen, also while others are looked for.
  const known = value === undefined || found.some((one) => one.value === value);
  const options = known || text !== '' ? offered : [{ value, label: chosen, code: '' }, ...offered];
  return (
    <Select
      {...rest}
      className="organization-select"
      showSearch={{ filterOption: false, onSearch: setText }}
      loading={isFetching}
      value={value === undefined ? null : { value, label: chosen }}
      labelInValue
      options={options}
      optionRender={({ label, data: { code } }) => (
        <span className="organization-option">
          {label} <small>{code}</small>
        </span>
      )}
      notFoundContent={isFetching ? null : t('organization.notFound')}
      onChange={(option: { readonly value: string; readonly label?: unknown } | null | undefined) => {
        setText('');
        onChange(option?.value);
      }}
    />
  );
}
