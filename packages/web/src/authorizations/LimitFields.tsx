import type { TestWindow } from '@backcheck/core';
import { Button, Checkbox, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Field } from '../ui/Field.tsx';
import { FieldError, TextField } from '../ui/TextField.tsx';
import { type DraftPartProps, fieldId } from './draft-field.ts';
import { dayName } from './WindowText.tsx';

const WEEK = [1, 2, 3, 4, 5, 6, 7];
const NIGHT: TestWindow = { days: WEEK, from: '22:00', until: '06:00' };

/** When, how fast and from where; and whom to call. */
export function LimitFields({ draft, onChange, error }: DraftPartProps) {
  const { t } = useTranslation();
  const zones = Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: value }));
  const { windows } = draft;
  const change = (to: (before: readonly TestWindow[]) => readonly TestWindow[]) =>
    onChange((before) => ({ windows: to(before.windows) }));
  return (
    <>
      <fieldset>
        <legend>{t('authorizations.windows')}</legend>
        {windows.length === 0 ? <p className="hint">{t('authorizations.anyTime')}</p> : null}
        {windows.map((one, index) => (
          <WindowFields
            // Windows have no name but their place in the list.
            key={String(index)}
            no={index + 1}
            window={one}
            onChange={(part) =>
              change((before) => before.map((old, at) => (at === index ? { ...old, ...part } : old)))
            }
            onRemove={() => change((before) => before.filter((_, at) => at !== index))}
          />
        ))}
        <Button size="small" onClick={() => change((before) => [...before, NIGHT])}>
          {t('authorizations.addWindow')}
        </Button>
        <FieldError id={fieldId('windows')} error={error('windows')} />
      </fieldset>
      <Field id={fieldId('timeZone')} label={t('authorizations.timeZone')}>
        <Select
          id={fieldId('timeZone')}
          showSearch
          value={draft.timeZone}
          options={zones}
          onChange={(timeZone) => onChange({ timeZone })}
        />
      </Field>
      <Field id={fieldId('rate')} label={t('authorizations.rate')} hint={t('authorizations.rateHint')}>
        <InputNumber
          id={fieldId('rate')}
          min={1}
          max={1000}
          precision={0}
          value={draft.rate}
          onChange={(rate) => onChange({ rate: rate ?? 1 })}
        />
      </Field>
      <Field
        id={fieldId('sources')}
        label={t('authorizations.sources')}
        hint={t('authorizations.sourcesHint')}
      >
        <Input
          id={fieldId('sources')}
          maxLength={3000}
          value={draft.sources}
          onChange={({ target }) => onChange({ sources: target.value })}
        />
      </Field>
      <TextField
        id={fieldId('contactName')}
        label={t('authorizations.contactName')}
        hint={t('authorizations.contactHint')}
        maxLength={100}
        value={draft.contactName}
        error={error('contactName')}
        onChange={(contactName) => onChange({ contactName })}
      />
      <TextField
        id={fieldId('contactPhone')}
        label={t('authorizations.contactPhone')}
        maxLength={50}
        inputMode="tel"
        value={draft.contactPhone}
        error={error('contactPhone')}
        onChange={(contactPhone) => onChange({ contactPhone })}
      />
    </>
  );
}

interface WindowFieldsProps {
  readonly no: number;
  readonly window: TestWindow;
  readonly onChange: (part: Partial<TestWindow>) => void;
  readonly onRemove: () => void;
}

function WindowFields({ no, window, onChange, onRemove }: WindowFieldsProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { days, from, until } = window;
  return (
    <div className="window-fields">
      <Checkbox.Group
        value={[...days]}
        options={WEEK.map((value) => ({ value, label: dayName(value, language) }))}
        onChange={(chosen) => onChange({ days: chosen.length === 0 ? days : chosen.toSorted() })}
      />
      <span className="window-hours">
        <Input
          type="time"
          aria-label={t('authorizations.windowFrom', { no })}
          value={from}
          onChange={({ target }) => onChange({ from: target.value })}
        />
        –
        <Input
          type="time"
          aria-label={t('authorizations.windowUntil', { no })}
          value={until}
          onChange={({ target }) => onChange({ until: target.value })}
        />
      </span>
      <Button size="small" aria-label={t('authorizations.removeWindow', { no })} onClick={onRemove}>
        ✕
      </Button>
    </div>
  );
}
