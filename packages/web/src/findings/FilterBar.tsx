import { FINDING_SORTS, SEVERITY_LABELS, STATE_LABELS } from '@backcheck/contract';
import { SEVERITIES, type Severity, STATES, type State } from '@backcheck/core';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Field } from '../ui/Field.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { DueFilters } from './DueFilters.tsx';
import {
  chosenSeverities,
  chosenStates,
  DEFAULT_SORT,
  type Filters,
  type FindingSort,
  isFiltered,
} from './filters.ts';

interface FilterBarProps {
  readonly filters: Filters;
  readonly onChange: (part: Filters) => void;
  readonly onReset: () => void;
}

export function FilterBar({ filters, onChange, onReset }: FilterBarProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <search className="filters" aria-label={t('filters.label')}>
      <Field id="filter-text" label={t('filters.text')}>
        <SearchBox
          id="filter-text"
          value={filters.q ?? ''}
          placeholder={t('filters.textPlaceholder')}
          onChange={(q) => onChange({ q })}
        />
      </Field>
      <Field id="filter-state" label={t('filters.state')}>
        <Select
          id="filter-state"
          mode="multiple"
          allowClear
          showSearch={false}
          maxTagCount="responsive"
          placeholder={t('filters.any')}
          value={[...chosenStates(filters)]}
          options={STATES.map((value) => ({ value, label: STATE_LABELS[value].label[language] }))}
          onChange={(states: State[]) => onChange({ state: states.join(',') })}
        />
      </Field>
      <Field id="filter-severity" label={t('filters.severity')}>
        <Select
          id="filter-severity"
          mode="multiple"
          allowClear
          showSearch={false}
          maxTagCount="responsive"
          placeholder={t('filters.any')}
          value={[...chosenSeverities(filters)]}
          options={SEVERITIES.toReversed().map((value) => ({
            value,
            label: SEVERITY_LABELS[value][language],
          }))}
          onChange={(severities: Severity[]) => onChange({ severity: severities.join(',') })}
        />
      </Field>
      <DueFilters filters={filters} onChange={onChange} />
      <Field id="filter-organization" label={t('filters.organization')}>
        <OrganizationSelect
          id="filter-organization"
          allowClear
          placeholder={t('filters.all')}
          value={filters.organizationId}
          onChange={(id) => onChange({ organizationId: id ?? '' })}
        />
      </Field>
      <Field id="filter-sort" label={t('filters.sort')}>
        <Select
          id="filter-sort"
          value={filters.sort ?? DEFAULT_SORT}
          options={FINDING_SORTS.map((value) => ({ value, label: t(`sorts.${value}`) }))}
          onChange={(sort: FindingSort) => onChange({ sort })}
        />
      </Field>
      {isFiltered(filters) ? <Button onClick={onReset}>{t('filters.reset')}</Button> : null}
    </search>
  );
}
