import { PROBE_METHOD_LABELS } from '@backcheck/contract';
import { PROBE_METHODS, type ProbeMethod } from '@backcheck/core';
import { Checkbox, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { FieldError } from '../ui/TextField.tsx';
import { type DraftPartProps, fieldId } from './draft-field.ts';

/** What may be looked at, and in which ways. What is neither allowed nor forbidden is not allowed. */
export function TargetFields({ draft, onChange, error }: DraftPartProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const options = (other: readonly ProbeMethod[]) =>
    PROBE_METHODS.map((value) => ({
      value,
      label: PROBE_METHOD_LABELS[value][language],
      disabled: other.includes(value),
    }));
  return (
    <>
      <div className="field">
        <label htmlFor={fieldId('targets')}>{t('authorizations.targets')}</label>
        <Input.TextArea
          id={fieldId('targets')}
          rows={4}
          maxLength={60_000}
          value={draft.targets}
          status={error('targets') === undefined ? '' : 'error'}
          aria-invalid={error('targets') !== undefined}
          placeholder={'192.0.2.0/24\nwww.example.org\n*.example.org'}
          onChange={({ target }) => onChange({ targets: target.value })}
        />
        <FieldError id={fieldId('targets')} error={error('targets')} />
        <p className="hint">{t('authorizations.targetsHint')}</p>
      </div>
      <fieldset id={fieldId('allowed')}>
        <legend>{t('authorizations.allowed')}</legend>
        <Checkbox.Group<ProbeMethod>
          className="methods"
          value={[...draft.allowed]}
          options={options(draft.forbidden)}
          onChange={(allowed) => onChange({ allowed })}
        />
        <FieldError id={fieldId('allowed')} error={error('allowed')} />
      </fieldset>
      <fieldset>
        <legend>{t('authorizations.forbidden')}</legend>
        <Checkbox.Group<ProbeMethod>
          className="methods"
          value={[...draft.forbidden]}
          options={options(draft.allowed)}
          onChange={(forbidden) => onChange({ forbidden })}
        />
        <p className="hint">{t('authorizations.forbiddenHint')}</p>
      </fieldset>
    </>
  );
}
