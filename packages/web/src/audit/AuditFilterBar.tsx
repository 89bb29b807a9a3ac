import { AUDIT_ACTION_LABELS, AUDIT_OBJECT_LABELS } from '@backcheck/contract';
import { AUDIT_ACTIONS, OBJECTS } from '@backcheck/core';
import { Button, DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { OrganizationField } from '../people/PlaceFields.tsx';
import { DAY_FORMS } from '../ui/EndDateField.tsx';
import { Field } from '../ui/Field.tsx';
import type { AuditFilters } from './filters.ts';
import { useFoundAccounts } from './use-audit.ts';

interface AuditFilterBarProps {
  readonly filters: AuditFilters;
  readonly onChange: (part: { readonly [K in keyof AuditFilters]: AuditFilters[K] | undefined }) => void;
  readonly onReset: () => void;
}

export function AuditFilterBar({ filters, onChange, onReset }: AuditFilterBarProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <search className="audit-filters" aria-label={t('audit.filters')}>
      <AccountFilter value={filters.account} onChange={(account) => onChange({ account })} />
      <OrganizationField
        id="audit-organization"
        clearable
        placeholder={t('audit.any')}
        value={filters.organizationId ?? null}
        onChange={(organizationId) => onChange({ organizationId: organizationId ?? undefined })}
      />
      <Field id="audit-object" label={t('audit.object')}>
        <Select
          id="audit-object"
          allowClear
          value={filters.object ?? null}
          placeholder={t('audit.any')}
          options={OBJECTS.map((value) => ({ value, label: AUDIT_OBJECT_LABELS[value][language] }))}
          onChange={(object?: AuditFilters['object']) => onChange({ object })}
        />
      </Field>
      <Field id="audit-action" label={t('audit.action')}>
        <Select
          id="audit-action"
          allowClear
          value={filters.action ?? null}
          placeholder={t('audit.any')}
          options={AUDIT_ACTIONS.map((value) => ({ value, label: AUDIT_ACTION_LABELS[value][language] }))}
          onChange={(action?: AuditFilters['action']) => onChange({ action })}
        />
      </Field>
      <DayField
        id="audit-from"
        label={t('audit.from')}
        value={filters.from}
        onChange={(from) => onChange({ from })}
      />
      <DayField id="audit-to" label={t('audit.to')} value={filters.to} onChange={(to) => onChange({ to })} />
      {Object.keys(filters).length === 0 ? null : <Button onClick={onReset}>{t('audit.reset')}</Button>}
    </search>
  );
}

interface AccountFilterProps {
  readonly value: string | undefined;
  readonly onChange: (id: string | undefined) => void;
}

/** Nothing for who may not look for accounts: an id alone says nothing to anyone. */
function AccountFilter({ value, onChange }: AccountFilterProps) {
  const { t } = useTranslation();
  const visible = useMay({ object: 'account', action: 'read' });
  const [text, setText] = useState('');
  const { data, isFetching } = useFoundAccounts(useDeferredValue(text.trim()), visible);
  if (!visible) return null;
  return (
    <Field id="audit-account" label={t('audit.account')}>
      <Select
        id="audit-account"
        allowClear
        showSearch={{ filterOption: false, onSearch: setText }}
        loading={isFetching}
        value={value ?? null}
        placeholder={t('audit.accountPlaceholder')}
        options={(data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))}
        onChange={(id?: string) => onChange(id)}
      />
    </Field>
  );
}

interface DayFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (day: string | undefined) => void;
}

function DayField({ id, label, value, onChange }: DayFieldProps) {
  const language = useLanguage();
  return (
    <Field id={id} label={label}>
      <DatePicker
        id={id}
        format={DAY_FORMS[language]}
        value={value === undefined ? null : dayjs(value)}
        maxDate={dayjs()}
        placeholder=""
        onChange={(day) => onChange(day === null ? undefined : day.format('YYYY-MM-DD'))}
      />
    </Field>
  );
}
