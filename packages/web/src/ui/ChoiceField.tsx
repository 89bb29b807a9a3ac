import type { Text } from '@backcheck/contract';
import { Select } from 'antd';
import { useLanguage } from '../i18n/use-language.ts';
import { Field } from './Field.tsx';

interface ChoiceFieldProps<Value extends string> {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  /** Null: nobody has chosen yet. An answer that stands there before is given without being read. */
  readonly value: Value | null;
  readonly among: readonly Value[];
  readonly labels: Readonly<Record<Value, Text>>;
  readonly onChange: (value: Value | null) => void;
  /** One need not choose. */
  readonly optional?: boolean;
}

/** One of a closed list. */
export function ChoiceField<Value extends string>(props: ChoiceFieldProps<Value>) {
  const { id, label, hint, error, value, among, labels, onChange, optional = false } = props;
  const language = useLanguage();
  return (
    <Field id={id} label={label} error={error} {...(hint === undefined ? {} : { hint })}>
      <Select<Value>
        id={id}
        value={value}
        allowClear={optional}
        status={error === undefined ? '' : 'error'}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        options={among.map((one) => ({ value: one, label: labels[one][language] }))}
        onChange={(chosen?: Value) => onChange(chosen ?? null)}
      />
    </Field>
  );
}
