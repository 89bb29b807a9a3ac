import { Input } from 'antd';
import { FieldError } from '../ui/TextField.tsx';

interface WordsFieldProps {
  readonly id: string;
  readonly label: string;
  readonly error?: string | undefined;
  readonly value: string;
  readonly rows?: number;
  readonly onChange: (value: string) => void;
}

/** A few sentences. */
export function WordsField({ id, label, error, value, rows = 3, onChange }: WordsFieldProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Input.TextArea
        id={id}
        rows={rows}
        maxLength={4000}
        value={value}
        status={error === undefined ? '' : 'error'}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        onChange={({ target }) => onChange(target.value)}
      />
      <FieldError id={id} error={error} />
    </div>
  );
}
