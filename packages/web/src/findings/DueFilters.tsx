import {
  DUE_FILTER_LABELS,
  DUE_FILTERS,
  type DueFilter,
  PRIORITY_LABELS,
  TURN_LABELS,
} from '@backcheck/contract';
import { PRIORITIES, type Priority } from '@backcheck/core';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Field } from '../ui/Field.tsx';
import { chosenPriorities, type Filters, TURNS, type Turn } from './filters.ts';

interface DueFiltersProps {
  readonly filters: Filters;
  readonly onChange: (part: Filters) => void;
}

/** By date, by priority, and by whose turn it is. What is chosen by date is shown in the order of the dates. */
export function DueFilters({ filters, onChange }: DueFiltersProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const any = t('filters.any');
  return (
    <>
      <Field id="filter-due" label={t('filters.due')}>
        <Select
          id="filter-due"
          allowClear
          placeholder={any}
          value={filters.due === '' ? undefined : filters.due}
          options={DUE_FILTERS.map((value) => ({ value, label: DUE_FILTER_LABELS[value][language] }))}
          onChange={(due: DueFilter | undefined) =>
            onChange(due === undefined ? { due: '' } : { due, sort: 'due' })
          }
        />
      </Field>
      <Field id="filter-priority" label={t('filters.priority')}>
        <Select
          id="filter-priority"
          mode="multiple"
          allowClear
          showSearch={false}
          maxTagCount="responsive"
          placeholder={any}
          value={[...chosenPriorities(filters)]}
          options={PRIORITIES.map((value) => ({ value, label: PRIORITY_LABELS[value][language] }))}
          onChange={(chosen: Priority[]) => onChange({ priority: chosen.join(',') })}
        />
      </Field>
      <Field id="filter-turn" label={t('filters.turn')}>
        <Select
          id="filter-turn"
          allowClear
          placeholder={any}
          value={filters.turn === '' ? undefined : filters.turn}
          options={TURNS.map((value) => ({ value, label: TURN_LABELS[value][language] }))}
          onChange={(turn: Turn | undefined) => onChange({ turn: turn ?? '' })}
        />
      </Field>
    </>
  );
}
