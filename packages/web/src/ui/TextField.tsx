import { Input, type InputProps } from 'antd';

interface TextFieldProps
  extends Pick<
    InputProps,
    'type' | 'autoComplete' | 'maxLength' | 'placeholder' | 'inputMode' | 'autoFocus'
  > {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with the value; read out together with the field (WCAG 3.3.1). */
  readonly error?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TextField({ id, label, hint, error, onChange, ...input }: TextFieldProps) {
  const described = [error === undefined ? '' : `${id}-error`, hint === undefined ? '' : `${id}-hint`];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Input
        {...input}
        id={id}
        status={error === undefined ? '' : 'error'}
        aria-invalid={error !== undefined}
        aria-describedby={described.join(' ').trim() || undefined}
        onChange={({ target }) => onChange(target.value)}
      />
      <FieldError id={id} error={error} />
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

export function FieldError({ id, error }: { readonly id: string; readonly error: string | undefined }) {
  return error === undefined ? null : (
    <p id={`${id}-error`} className="field-error">
      {error}
    </p>
  );
}

/** Sets the focus to a field by its id, with its text chosen, so that typing replaces it. */
export function focusField(id: string): void {
  const field = document.getElementById(id);
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
}

/** Messages by the id of their field, in the order of the form; focuses the first. True: there are none. */
export function isComplete(errors: Readonly<Record<string, string | undefined>>): boolean {
  const [first] = Object.entries(errors).find(([, error]) => error !== undefined) ?? [];
  if (first !== undefined) focusField(first);
  return first === undefined;
}
