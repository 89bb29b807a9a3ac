import type { ReactNode } from 'react';
import { FieldError } from './TextField.tsx';

interface FieldProps {
  /** The id of the control, so that the label belongs to it. */
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** The control says itself that it is not valid. */
  readonly error?: string | undefined;
  readonly children: ReactNode;
}

export function Field({ id, label, hint, error, children }: FieldProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      <FieldError id={id} error={error} />
      {hint === undefined ? null : <p className="hint">{hint}</p>}
    </div>
  );
}
